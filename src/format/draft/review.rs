//! A review as a person writes it: answers by question, courses by bet, and what is said to findings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Desk, DraftError};
use crate::format::decode::{DecodeError, from_toml};
use crate::model::review::{Course, Rating, SelfRating, Verb};
use crate::model::{Period, RecordId, Review, Slug, Status, Text, rule};

/// A review as a person writes it. What it holds has been answered, so it is also how far an interrupted one got.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewDraft {
    /// Bets sketched for the next quarter, one line each.
    pub next: Vec<String>,
    /// Anything else.
    pub note: String,
    /// Answers by question of the scorecard.
    pub answer: BTreeMap<String, RatingDraft>,
    /// What becomes of each bet, by slug or id.
    pub bet: BTreeMap<String, CourseDraft>,
    /// What is said to findings, by rule.
    pub finding: BTreeMap<String, String>,
}

/// An answer to a question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RatingDraft {
    /// `weak`, `fair` or `strong`.
    pub rating: String,
    /// In words.
    pub text: String,
}

/// What becomes of a bet, and how it stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CourseDraft {
    /// `keep`, `modify`, `carry` or `drop`.
    pub decision: String,
    /// Why; it is the note of the check-in too.
    pub why: String,
    /// Health; with it, or with a confidence, the bet is checked in.
    pub status: String,
    /// Belief that it will be won, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
}

/// What a draft comes to.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The record.
    pub review: Review,
    /// How bets stand: status where one was said, confidence, and why.
    pub check_ins: Vec<(RecordId, Option<Status>, Option<u8>, Text)>,
}

impl ReviewDraft {
    /// Reads a draft from TOML.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// True when nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.answer.is_empty()
            && self.bet.is_empty()
            && self.finding.is_empty()
            && self.next.is_empty()
            && self.note.trim().is_empty()
    }

    /// Adds answers to what has none.
    pub fn add(&mut self, other: Self) {
        fn add<T>(to: &mut BTreeMap<String, T>, other: BTreeMap<String, T>) {
            for (name, said) in other {
                to.entry(name).or_insert(said);
            }
        }
        add(&mut self.answer, other.answer);
        add(&mut self.bet, other.bet);
        add(&mut self.finding, other.finding);
        if self.next.is_empty() {
            self.next = other.next;
        }
        if self.note.is_empty() {
            self.note = other.note;
        }
    }

    /// Turns the draft into a record, on top of an earlier review of the same period.
    pub fn finish(
        self,
        desk: &Desk<'_>,
        period: &Period,
        earlier: Option<&Review>,
    ) -> Result<Reviewed, DraftError> {
        let mut review = earlier.cloned().unwrap_or_else(|| Review {
            id: Review::id_of(&period.name),
            period: period.name.as_str().into(),
            date: desk.now.day(),
            note: Text::default(),
            recorded: desk.now,
            answer: BTreeMap::new(),
            bet: BTreeMap::new(),
            finding: BTreeMap::new(),
            next: Vec::new(),
            conflicts: Vec::new(),
        });
        review.date = desk.now.day();
        for (id, said) in self.answer {
            if let Some((id, rating)) = answer(desk, &id, &said)? {
                review.answer.insert(id, rating);
            }
        }
        let mut check_ins = Vec::new();
        for (name, said) in self.bet {
            let bet =
                (desk.find_bet)(&name).map_err(|why| DraftError::new("bet", anyhow::Error::msg(why)))?;
            let (course, status) = course(&name, &said)?;
            if status.is_some() || said.confidence.is_some() {
                check_ins.push((bet, status, said.confidence, said.why.trim().into()));
            }
            if let Some(course) = course {
                review.bet.insert(bet, course);
            }
        }
        for (id, text) in self.finding.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
            let id = Slug::parse(&id).ok().filter(|id| rule::find(id.as_str()).is_some());
            let id = id.ok_or_else(|| {
                DraftError::new(
                    "finding",
                    anyhow::anyhow!("findings are answered by rule; see: git okr rules"),
                )
            })?;
            review.finding.insert(id, text.trim().into());
        }
        let next: Vec<Text> = self
            .next
            .iter()
            .map(|line| line.trim())
            .filter(|line| !line.is_empty())
            .map(Text::from)
            .collect();
        if !next.is_empty() {
            review.next = next;
        }
        if !self.note.trim().is_empty() {
            review.note = self.note.trim_end().into();
        }
        Ok(Reviewed { review, check_ins })
    }
}

fn answer(desk: &Desk<'_>, id: &str, said: &RatingDraft) -> Result<Option<(Slug, SelfRating)>, DraftError> {
    let fail = |message: String| Err(DraftError::new("answer", anyhow::Error::msg(message)));
    let questions = || desk.guide.sections.iter().flat_map(|section| &section.questions);
    let Some(question) = questions().find(|question| question.id.as_str() == id) else {
        let known: Vec<&str> = questions().map(|question| question.id.as_str()).collect();
        let shown = Text::from(id).visible();
        return fail(format!("the guide has no question '{shown}', only {}", known.join(", ")));
    };
    let rating = match said.rating.trim() {
        "" => None,
        word => match Rating::ALL.into_iter().find(|rating| rating.as_str() == word) {
            Some(rating) => Some(rating),
            None => {
                let shown = Text::from(word).visible();
                return fail(format!("unknown rating '{shown}' of '{id}': it is weak, fair or strong"));
            }
        },
    };
    let text: Text = said.text.trim().into();
    Ok((rating.is_some() || !text.is_blank()).then(|| (question.id.clone(), SelfRating { rating, text })))
}

fn course(name: &str, said: &CourseDraft) -> Result<(Option<Course>, Option<Status>), DraftError> {
    let shown = Text::from(name).visible();
    let fail = |message: String| Err(DraftError::new("bet", anyhow::Error::msg(message)));
    let why: Text = said.why.trim().into();
    let course = match said.decision.trim() {
        "" => None,
        word => match Verb::ALL.into_iter().find(|verb| verb.as_str() == word) {
            Some(Verb::Keep) => Some(Course { decision: Verb::Keep, why }),
            Some(verb) if why.is_blank() => {
                return fail(format!("say why bet '{shown}' is to {}", verb.as_str()));
            }
            Some(decision) => Some(Course { decision, why }),
            None => {
                let word = Text::from(word).visible();
                return fail(format!(
                    "unknown decision '{word}' on bet '{shown}': it is keep, modify, carry or drop"
                ));
            }
        },
    };
    let status = match said.status.trim() {
        "" => None,
        word => match Status::ALL.into_iter().find(|status| status.as_str() == word) {
            Some(status) => Some(status),
            None => {
                let word = Text::from(word).visible();
                return fail(format!(
                    "unknown status '{word}' of bet '{shown}': it is not-started, on-track, at-risk or off-track"
                ));
            }
        },
    };
    if said.confidence.is_some_and(|percent| percent > 100) {
        return fail(format!("the confidence in bet '{shown}' is a whole percentage from 0 to 100"));
    }
    Ok((course, status))
}

#[cfg(test)]
mod tests {
    use super::{ReviewDraft, Reviewed};
    use crate::format::draft::{Desk, DraftError, fill};
    use crate::format::guide;
    use crate::model::review::{Rating, Verb};
    use crate::model::{Day, Instant, Period, RecordId};

    const ALL: &str = "next = [\"Own the index\", \" \"]\nnote = \"calm\"\n\
        [answer.outcomes]\nrating = \"fair\"\ntext = \"two of three\"\n\
        [answer.fresh]\n\
        [bet.one-queue]\ndecision = \"carry\"\nwhy = \"Payments moved\"\nstatus = \"at-risk\"\nconfidence = 55\n\
        [finding]\nloud-weeks = \"on call\"\n";

    fn finish(text: &str) -> Result<Reviewed, DraftError> {
        let guide = guide::decode(guide::builtin("staff-engineer").unwrap()).unwrap();
        let now = Instant(chrono::DateTime::parse_from_rfc3339("2026-09-28T12:00:00Z").unwrap());
        let find = |name: &str| match name {
            "one-queue" => Ok(RecordId::from_bits(1)),
            _ => Err(format!("no bet '{name}'")),
        };
        let desk = Desk {
            guide: &guide,
            find_bet: &find,
            find_objective: &find,
            day: &|text| Day::parse(text),
            now,
            id: RecordId::from_bits(9),
        };
        let period = Period::parse("2026-Q3", &guide.calendar, now.day()).unwrap();
        ReviewDraft::parse(text).unwrap().finish(&desk, &period, None)
    }

    #[test]
    fn everything_said_is_in_the_record() {
        let Reviewed { review, check_ins } = finish(ALL).unwrap();
        let (id, said) = review.answer.first_key_value().unwrap();
        assert_eq!((id.as_str(), said.rating, review.answer.len()), ("outcomes", Some(Rating::Fair), 1));
        assert_eq!(review.bet[&RecordId::from_bits(1)].decision, Verb::Carry);
        assert_eq!(check_ins[0].2, Some(55));
        assert_eq!((review.next.len(), review.finding.len(), review.note.raw()), (1, 1, "calm"));
    }

    #[test]
    fn a_draft_survives_being_kept() {
        let draft = ReviewDraft::parse(ALL).unwrap();
        let back = ReviewDraft::parse(&fill("", &draft)).unwrap();
        assert_eq!(back.bet["one-queue"].confidence, Some(55));
        assert_eq!(
            (back.answer["outcomes"].text.as_str(), back.next[0].as_str()),
            ("two of three", "Own the index")
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, message) in [
            ("[answer.nonsense]\nrating = \"fair\"", "no question 'nonsense'"),
            ("[answer.outcomes]\nrating = \"great\"", "unknown rating 'great'"),
            ("[bet.two-queues]\ndecision = \"keep\"", "no bet 'two-queues'"),
            ("[bet.one-queue]\ndecision = \"drop\"", "say why bet 'one-queue' is to drop"),
            ("[bet.one-queue]\ndecision = \"sell\"", "unknown decision 'sell'"),
            ("[bet.one-queue]\nstatus = \"green\"", "unknown status 'green'"),
            ("[bet.one-queue]\nconfidence = 140", "0 to 100"),
            ("[finding]\nnonsense = \"x\"", "git okr rules"),
        ] {
            let error = finish(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
