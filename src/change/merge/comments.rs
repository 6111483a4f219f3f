//! Comments of a merged file: what the loser's side wrote beside its keys is carried over to the winner's text.

use toml_edit::{Decor, DocumentMut, Item, Table};

/// The text with the comments that `loser` has and neither `base` nor the text has.
pub(super) fn carry(text: &str, base: Option<&str>, loser: &str) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let loser: DocumentMut = loser.parse().ok()?;
    let base: DocumentMut = base.unwrap_or_default().parse().ok()?;
    tables(document.as_table_mut(), base.as_table(), loser.as_table());
    let (mine, theirs) = (document.trailing().as_str().unwrap_or_default(), loser.trailing().as_str()?);
    if let Some(both) = joined(mine, base.trailing().as_str().unwrap_or_default(), theirs) {
        document.set_trailing(both);
    }
    Some(document.to_string())
}

fn tables(table: &mut Table, base: &Table, loser: &Table) {
    let empty = Table::new();
    for (name, item) in loser {
        let Some((mut key, present)) = table.get_key_value_mut(name) else { continue };
        let of_key = |table: &Table| table.key(name).map(|key| key.leaf_decor().clone()).unwrap_or_default();
        prefix(key.leaf_decor_mut(), &of_key(base), &of_key(loser));
        match (present, base.get(name), item) {
            (Item::Value(value), before, Item::Value(other)) => {
                let before = before.and_then(Item::as_value).map(|value| value.decor().clone());
                suffix(value.decor_mut(), &before.unwrap_or_default(), other.decor());
            }
            (Item::Table(inner), before, Item::Table(other)) => {
                let before = before.and_then(Item::as_table).unwrap_or(&empty);
                prefix(inner.decor_mut(), before.decor(), other.decor());
                suffix(inner.decor_mut(), before.decor(), other.decor());
                tables(inner, before, other);
            }
            (Item::ArrayOfTables(list), before, Item::ArrayOfTables(others)) => {
                let before = before.and_then(Item::as_array_of_tables);
                for (at, other) in others.iter().enumerate() {
                    let Some(inner) = list.get_mut(at) else { continue };
                    let before = before.and_then(|list| list.get(at)).unwrap_or(&empty);
                    prefix(inner.decor_mut(), before.decor(), other.decor());
                    tables(inner, before, other);
                }
            }
            _ => {}
        }
    }
}

fn prefix(mine: &mut Decor, base: &Decor, loser: &Decor) {
    let text = |decor: &Decor| decor.prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned();
    if let Some(both) = joined(&text(mine), &text(base), &text(loser)) {
        mine.set_prefix(both);
    }
}

fn suffix(mine: &mut Decor, base: &Decor, loser: &Decor) {
    let text = |decor: &Decor| decor.suffix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned();
    // Behind a value there is room for one line.
    if !text(mine).contains('#') && text(loser).contains('#') && text(base) != text(loser) {
        mine.set_suffix(text(loser));
    }
}

/// What stands there with the comment lines that only the loser has; none when there are none.
fn joined(mine: &str, base: &str, loser: &str) -> Option<String> {
    let has = |text: &str, line: &str| text.lines().any(|other| other.trim() == line);
    let new: Vec<&str> = loser
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('#') && !has(base, line) && !has(mine, line))
        .collect();
    if new.is_empty() {
        return None;
    }
    let gap = if mine.is_empty() || mine.ends_with('\n') { "" } else { "\n" };
    Some(format!("{mine}{gap}{}\n", new.join("\n")))
}
