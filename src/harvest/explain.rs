//! Why something is suggested, in one line.

use crate::model::Text;
use crate::model::suggestion::Suggestion;

/// Reasons that fit on a line.
const SHOWN: usize = 4;

/// The strongest reasons for a suggestion: `feature, 212 lines of production code, closes #88, with tests`.
pub fn why(suggestion: &Suggestion) -> Text {
    let reasons: Vec<&str> = suggestion
        .signals
        .iter()
        .filter(|signal| signal.points > 0)
        .take(SHOWN)
        .map(|s| s.why.raw())
        .collect();
    if reasons.is_empty() { Text::from("nothing speaks for it") } else { Text::from(reasons.join(", ")) }
}
