//! The nouns of git-okr: pure values without I/O, git, or a terminal.
//!
//! One word, one meaning. A *record* is one TOML file in the *journal*; a *snapshot* is every record at one
//! *revision*. Nothing here knows how records are stored or shown.

pub mod artifact;
pub mod bet;
pub mod calendar;
pub mod check_in;
pub mod conflict;
pub mod decision;
pub mod evidence;
pub mod field;
pub mod guide;
pub mod id;
pub mod objective;
pub mod period;
pub mod project;
pub mod record;
pub mod review;
pub mod rule;
pub mod slug;
pub mod snapshot;
pub mod suggestion;
pub mod text;
pub mod verdict;

pub use artifact::{Artifact, ArtifactKind, Metric};
pub use bet::{Bet, Closing, Direction, Measure, Outcome, Stance};
pub use calendar::{Day, Instant};
pub use check_in::{CheckIn, Reading, Status};
pub use conflict::Conflict;
pub use decision::Decision;
pub use evidence::Evidence;
pub use field::{Field, FieldValue};
pub use guide::Guide;
pub use id::{IdSet, RecordId};
pub use objective::Objective;
pub use period::Period;
pub use record::{Kind, Record};
pub use review::Review;
pub use slug::Slug;
pub use snapshot::{Fault, Revision, Snapshot};
pub use text::Text;
pub use verdict::{Verdict, VerdictKind};
