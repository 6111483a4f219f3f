//! The difference of two records, by the fields that everything else shows.

use crate::model::field::fields;
use crate::model::{Field, FieldValue, Kind, Record, RecordId, Text};

/// How a record changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: RecordId,
    /// What it is called after the change, or was before it was removed.
    pub title: Text,
    /// Added, removed or edited.
    pub what: What,
    /// Its fields that differ, in the order of the record.
    pub fields: Vec<FieldChange>,
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has other fields.
    Edited,
}

/// How a field changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's dotted name.
    pub name: Text,
    /// Its value before, if it had one.
    pub before: Option<FieldValue>,
    /// Its value after, if it has one.
    pub after: Option<FieldValue>,
}

/// The difference of two states of one record; `None` when there is none.
pub fn diff(before: Option<&Record>, after: Option<&Record>) -> Option<RecordChange> {
    let called = after.or(before)?;
    let what = match (before, after) {
        (None, _) => What::Added,
        (_, None) => What::Removed,
        _ => What::Edited,
    };
    let before = before.map(fields).unwrap_or_default();
    let after = after.map(fields).unwrap_or_default();
    let fields = diff_fields(&before, &after);
    (what != What::Edited || !fields.is_empty()).then(|| RecordChange {
        kind: called.kind(),
        id: called.id(),
        title: called.title(),
        what,
        fields,
    })
}

/// The fields that differ: those of `after` in its order, then those that only `before` has.
pub fn diff_fields(before: &[Field], after: &[Field]) -> Vec<FieldChange> {
    let value_in =
        |fields: &[Field], name: &Text| fields.iter().find(|f| f.name == *name).map(|f| f.value.clone());
    let mut changes: Vec<FieldChange> = after
        .iter()
        .map(|field| FieldChange {
            name: field.name.clone(),
            before: value_in(before, &field.name),
            after: Some(field.value.clone()),
        })
        .filter(|change| change.before != change.after)
        .collect();
    changes.extend(before.iter().filter(|field| value_in(after, &field.name).is_none()).map(|field| {
        FieldChange { name: field.name.clone(), before: Some(field.value.clone()), after: None }
    }));
    changes
}

#[cfg(test)]
mod tests {
    use super::{What, diff};
    use crate::format::record::decode;
    use crate::model::{Kind, Record};

    fn bet(extra: &str) -> Record {
        let text = format!(
            "id = \"kkkkkkkkkkkkkkkk\"\nslug = \"queue\"\ntitle = \"One queue\"\nperiod = \"2026-Q4\"\n\
             recorded = 2026-10-01T09:00:00Z\n{extra}"
        );
        decode(Kind::Bet, &text).unwrap()
    }

    #[test]
    fn says_which_fields_moved() {
        let before = bet(
            "outcomes = [\"a\", \"b\"]\n[[measure]]\nname = \"p95\"\ndirection = \"down\"\ntarget = 180\n",
        );
        let after = bet(
            "stance = \"own\"\noutcomes = [\"b\", \"a\"]\n[[measure]]\nname = \"p95\"\ndirection = \"down\"\ntarget = 200\n",
        );
        let change = diff(Some(&before), Some(&after)).unwrap();
        let names: Vec<_> = change.fields.iter().map(|field| field.name.raw()).collect();
        assert_eq!((change.what, names), (What::Edited, vec!["stance", "measure.p95.target"]));
        assert_eq!(diff(Some(&before), Some(&before)), None);
        assert_eq!(diff(None, Some(&after)).unwrap().what, What::Added);
        assert_eq!(diff(Some(&after), None).unwrap().what, What::Removed);
    }
}
