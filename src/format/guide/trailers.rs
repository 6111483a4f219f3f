//! What is wrong with the trailers of a guide: credit that would be counted twice, or for nothing.

use std::collections::BTreeMap;

use super::check::Findings;
use crate::model::Text;
use crate::model::guide::{Guide, Vocabulary};

/// Trailers that mean something else: the author's own work, and formalities.
const NO_CREDIT: [&str; 6] =
    ["co-authored-by", "signed-off-by", "change-id", "okr-bet", "okr-evidence", "okr-kind"];

/// Checks the family `trailer`. That there is none is no mistake: the built-in table holds.
pub(super) fn check(found: &mut Findings, guide: &Guide) {
    found.names("trailer", guide.trailers.iter().map(|role| (&role.id, &role.name)));
    let mut seen = BTreeMap::new();
    for role in &guide.trailers {
        let place = format!("trailer.{}", role.id);
        if role.keys.is_empty() {
            found.warning(place.clone(), "it has no keys: nothing is found by it");
        }
        for key in &role.keys {
            let word = key.raw().to_lowercase();
            if !is_trailer(key) {
                found.error(place.clone(), "a key is letters, digits and hyphens, as in Reviewed-by");
            } else if NO_CREDIT.contains(&word.as_str()) {
                found.error(place.clone(), format!("'{word}' is no credit for the work of others"));
            } else if let Some(other) = seen.insert(word.clone(), &role.id) {
                found.error(place.clone(), format!("'{word}' stands in 'trailer.{other}' already"));
            }
        }
        let words = [(Vocabulary::EvidenceKind, &role.kind), (Vocabulary::Dimension, &role.dimension)];
        for (family, word) in words.into_iter().filter_map(|(family, word)| Some((family, word.as_ref()?))) {
            if guide.word(family, word.as_str()).is_err() {
                found.error(place.clone(), format!("there is no {} '{word}'", family.noun()));
            }
        }
    }
}

fn is_trailer(key: &Text) -> bool {
    !key.raw().is_empty() && key.raw().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
