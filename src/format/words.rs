//! The words of a record against the guide: every kind, outcome, capability, dimension, reach and claim.

use crate::model::guide::{UnknownWord, Vocabulary};
use crate::model::{Guide, Record, Slug};

/// Words of a record that the guide does not know, with the key each stands in.
pub fn unknown_words(record: &Record, guide: &Guide) -> Vec<(&'static str, UnknownWord)> {
    let mut unknown = Vec::new();
    let mut look = |key: &'static str, family: Vocabulary, words: &mut dyn Iterator<Item = &Slug>| {
        unknown.extend(
            words.filter_map(|word| guide.word(family, word.as_str()).err()).map(|error| (key, error)),
        );
    };
    match record {
        Record::Bet(bet) => {
            look("kind", Vocabulary::BetKind, &mut bet.kind.iter());
            look("outcomes", Vocabulary::Outcome, &mut bet.outcomes.iter());
            look("capabilities", Vocabulary::Capability, &mut bet.capabilities.iter());
            look("dimensions", Vocabulary::Dimension, &mut bet.dimensions.iter());
            look("gate", Vocabulary::Gate, &mut bet.gate.keys());
        }
        Record::Evidence(evidence) => {
            look("kind", Vocabulary::EvidenceKind, &mut evidence.kind.iter());
            look("dimensions", Vocabulary::Dimension, &mut evidence.dimensions.iter());
            look("outcomes", Vocabulary::Outcome, &mut evidence.outcomes.iter());
            look("capabilities", Vocabulary::Capability, &mut evidence.capabilities.iter());
            look("reach", Vocabulary::Reach, &mut evidence.reach.iter());
            look("claims", Vocabulary::Claim, &mut evidence.claims.iter());
        }
        Record::Objective(objective) => {
            look("outcomes", Vocabulary::Outcome, &mut objective.outcomes.iter());
            look("lens", Vocabulary::Lens, &mut objective.lens.keys());
        }
        Record::Decision(decision) => look("answer", Vocabulary::Filter, &mut decision.answer.keys()),
        // A review answers the questions of its time; the guide may have changed since.
        Record::Review(_) | Record::CheckIn(_) | Record::Verdict(_) => {}
    }
    unknown
}
