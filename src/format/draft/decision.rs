//! A decision as a person writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Desk, DraftError, NotADay, title};
use crate::format::decode::{DecodeError, from_toml};
use crate::model::decision::{Answer, Ruling, Says};
use crate::model::guide::Vocabulary;
use crate::model::{Decision, Text};

/// A decision as a person writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionDraft {
    /// What is decided on.
    pub title: String,
    /// The day; today when empty.
    #[serde(deserialize_with = "crate::model::calendar::date_or_words")]
    pub date: String,
    /// `take`, `later`, `support` or `decline`.
    pub verdict: String,
    /// Why.
    pub why: String,
    /// Who owns it instead.
    pub owner: String,
    /// When to look again.
    pub until: String,
    /// Answers to the filter's questions: `for`, `against` or `unsure`, and after a colon why.
    pub answer: BTreeMap<String, String>,
}

impl DecisionDraft {
    /// Reads a draft from TOML.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// Turns the draft into a record.
    pub fn finish(self, desk: &Desk<'_>) -> Result<Decision, DraftError> {
        let title = title(&self.title)?;
        let date = match self.date.trim() {
            "" => desk.now.day(),
            text => (desk.day)(text).ok_or_else(|| DraftError::new("date", NotADay(text.to_owned())))?,
        };
        let verdict = self.verdict.trim();
        let verdict = Ruling::ALL.into_iter().find(|one| one.as_str() == verdict).ok_or_else(|| {
            let said =
                if verdict.is_empty() { "no verdict".into() } else { format!("unknown verdict '{verdict}'") };
            DraftError::new("verdict", anyhow::anyhow!("{said}: it is take, later, support or decline"))
        })?;
        let owner = Some(Text::from(self.owner.trim())).filter(|owner| !owner.is_blank());
        if verdict == Ruling::Support && owner.is_none() {
            return Err(DraftError::new(
                "owner",
                anyhow::anyhow!("say who owns it, since you support another owner"),
            ));
        }
        let mut answer = BTreeMap::new();
        for (id, text) in self.answer.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
            let id =
                desk.guide.word(Vocabulary::Filter, &id).map_err(|error| DraftError::new("answer", error))?;
            answer.insert(id, parse_answer(&text)?);
        }
        Ok(Decision {
            id: desk.id,
            title,
            date,
            verdict,
            why: self.why.trim().into(),
            owner,
            until: Some(Text::from(self.until.trim())).filter(|until| !until.is_blank()),
            bet: None,
            recorded: desk.now,
            answer,
            conflicts: Vec::new(),
        })
    }
}

/// Reads `for: because …`, `against`, `unsure`; `yes` and `no` are what people type.
fn parse_answer(text: &str) -> Result<Answer, DraftError> {
    let (says, why) = text.split_once(':').unwrap_or((text, ""));
    let says = match says.trim().to_lowercase().as_str() {
        "for" | "yes" | "y" => Says::For,
        "against" | "no" | "n" => Says::Against,
        "unsure" | "?" => Says::Unsure,
        other => {
            let why = anyhow::anyhow!(
                "'{other}' is no answer: it is for, against or unsure, and after a colon why"
            );
            return Err(DraftError::new("answer", why));
        }
    };
    Ok(Answer { says, why: why.trim().into() })
}

#[cfg(test)]
mod tests {
    use super::{Says, parse_answer};

    #[test]
    fn answers_have_a_direction_and_a_reason() {
        for (text, says, why) in [
            ("for: three teams wait", Says::For, "three teams wait"),
            ("no", Says::Against, ""),
            ("Unsure: ask Ada: soon", Says::Unsure, "ask Ada: soon"),
        ] {
            let answer = parse_answer(text).unwrap();
            assert_eq!((answer.says, answer.why.raw()), (says, why), "{text}");
        }
        assert!(parse_answer("maybe").is_err());
    }
}
