//! A record of any kind, and what all kinds have in common.

use serde::{Deserialize, Serialize};

use super::bet::Bet;
use super::calendar::Instant;
use super::check_in::CheckIn;
use super::conflict::Conflict;
use super::decision::Decision;
use super::evidence::Evidence;
use super::id::RecordId;
use super::objective::Objective;
use super::review::Review;
use super::text::Text;
use super::verdict::Verdict;

/// The kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `bets/`
    Bet,
    /// `checkins/`
    CheckIn,
    /// `evidence/`
    Evidence,
    /// `verdicts/`
    Verdict,
    /// `objectives/`
    Objective,
    /// `decisions/`
    Decision,
    /// `reviews/`
    Review,
}

impl Kind {
    /// The word for it in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bet => "bet",
            Self::CheckIn => "check-in",
            Self::Evidence => "evidence",
            Self::Verdict => "verdict",
            Self::Objective => "objective",
            Self::Decision => "decision",
            Self::Review => "review",
        }
    }
}

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// A bet.
    Bet(Bet),
    /// A check-in.
    CheckIn(CheckIn),
    /// Evidence.
    Evidence(Evidence),
    /// A verdict.
    Verdict(Verdict),
    /// An objective.
    Objective(Objective),
    /// A decision.
    Decision(Decision),
    /// A review.
    Review(Review),
}

impl Record {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bet(_) => Kind::Bet,
            Self::CheckIn(_) => Kind::CheckIn,
            Self::Evidence(_) => Kind::Evidence,
            Self::Verdict(_) => Kind::Verdict,
            Self::Objective(_) => Kind::Objective,
            Self::Decision(_) => Kind::Decision,
            Self::Review(_) => Kind::Review,
        }
    }

    /// Its id.
    pub fn id(&self) -> RecordId {
        match self {
            Self::Bet(bet) => bet.id,
            Self::CheckIn(check_in) => check_in.id,
            Self::Evidence(evidence) => evidence.id,
            Self::Verdict(verdict) => verdict.id,
            Self::Objective(objective) => objective.id,
            Self::Decision(decision) => decision.id,
            Self::Review(review) => review.id,
        }
    }

    /// What to call it in a list or a commit subject. Check-ins are called by their note.
    pub fn title(&self) -> Text {
        match self {
            Self::Bet(bet) => bet.title.clone(),
            Self::CheckIn(check_in) => match check_in.confidence {
                Some(percent) => format!("{} {percent}%", check_in.status.as_str()).into(),
                None => check_in.status.as_str().into(),
            },
            Self::Evidence(evidence) => evidence.title.clone(),
            Self::Verdict(verdict) => verdict.title.clone(),
            Self::Objective(objective) => objective.title.clone(),
            Self::Decision(decision) => decision.title.clone(),
            Self::Review(review) => format!("review of {}", review.period.raw()).into(),
        }
    }

    /// When the journal learnt of it.
    pub fn recorded(&self) -> Instant {
        match self {
            Self::Bet(bet) => bet.recorded,
            Self::CheckIn(check_in) => check_in.recorded,
            Self::Evidence(evidence) => evidence.recorded,
            Self::Verdict(verdict) => verdict.recorded,
            Self::Objective(objective) => objective.recorded,
            Self::Decision(decision) => decision.recorded,
            Self::Review(review) => review.recorded,
        }
    }

    /// Values of fields that a merge did not choose.
    pub fn conflicts(&self) -> &[Conflict] {
        match self {
            Self::Bet(bet) => &bet.conflicts,
            Self::CheckIn(check_in) => &check_in.conflicts,
            Self::Evidence(evidence) => &evidence.conflicts,
            Self::Verdict(verdict) => &verdict.conflicts,
            Self::Objective(objective) => &objective.conflicts,
            Self::Decision(decision) => &decision.conflicts,
            Self::Review(review) => &review.conflicts,
        }
    }
}
