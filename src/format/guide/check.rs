//! What is wrong with a guide: mistakes that spoil records, and gaps that reports would pass over in silence.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{is_month, no_month, trailers};
use crate::model::guide::{Entry, EvidenceKind, Guide, Question, Vocabulary};
use crate::model::{Slug, Stance, Text};

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Records or reports would be wrong.
    Error,
    /// Reports would leave something out.
    Warning,
}

/// Something wrong with a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// Where it is: keys and ids joined by dots, such as `dimension.technical`.
    pub place: Text,
    /// What is wrong. It quotes nothing of the guide but ids and numbers.
    pub message: String,
}

/// Finds what is wrong with a guide, family by family.
pub fn check(guide: &Guide) -> Vec<Problem> {
    let mut found = Findings::default();
    found.blank(&guide.title, "title", "title");
    if !is_month(guide.calendar.fiscal_year_start) {
        found.error("calendar.fiscal_year_start", no_month(guide.calendar.fiscal_year_start));
    }
    if guide.context.statement.is_blank() && guide.context.questions.is_empty() {
        found.warning("context", "it says nothing: reports leave the company context out");
    }
    for (at, question) in guide.context.questions.iter().enumerate() {
        found.blank(question, format!("context.questions.{}", at + 1), "question");
    }
    found.questions("gate", &guide.gates);
    found.entries("outcome", &guide.outcomes);
    found.entries("capability", &guide.capabilities);
    found.stances(&guide.stances);
    found.entries("claim", &guide.claims);
    found.questions("lens", &guide.lenses);
    found.dimensions(guide);
    found.questions("filter", &guide.filter);
    found.sections(guide);
    found.entries("bet_kind", &guide.bet_kinds);
    found.evidence_kinds(guide);
    found.reaches(&guide.reaches);
    trailers::check(&mut found, guide);
    found.bots(&guide.bots.names);
    found.rules(guide);
    found.0
}

#[derive(Default)]
pub(super) struct Findings(Vec<Problem>);

impl Findings {
    /// Thresholds that no rule has, that cannot be meant, or that contradict each other.
    fn rules(&mut self, guide: &Guide) {
        for (place, message) in guide.threshold_problems() {
            self.error(place, message);
        }
    }

    pub(super) fn error(&mut self, place: impl Into<Text>, message: impl Into<String>) {
        self.0.push(Problem { severity: Severity::Error, place: place.into(), message: message.into() });
    }

    pub(super) fn warning(&mut self, place: impl Into<Text>, message: impl Into<String>) {
        self.0.push(Problem { severity: Severity::Warning, place: place.into(), message: message.into() });
    }

    fn blank(&mut self, text: &Text, place: impl Into<Text>, what: &str) {
        if text.is_blank() {
            self.error(place, format!("its {what} is empty"));
        }
    }

    fn none(&mut self, is_empty: bool, family: &str) {
        if is_empty {
            self.warning(family, format!("there is none: reports leave '{family}' out"));
        }
    }

    fn duplicates<'g>(&mut self, family: &str, ids: impl Iterator<Item = &'g Slug>) {
        let mut counts = BTreeMap::new();
        for id in ids {
            *counts.entry(id).or_insert(0) += 1;
        }
        for (id, count) in counts.into_iter().filter(|(_, count)| *count > 1) {
            self.error(format!("{family}.{id}"), format!("the id '{id}' is used {count} times"));
        }
    }

    pub(super) fn names<'g>(
        &mut self,
        family: &str,
        words: impl Iterator<Item = (&'g Slug, &'g Text)> + Clone,
    ) {
        self.duplicates(family, words.clone().map(|(id, _)| id));
        for (id, name) in words {
            self.blank(name, format!("{family}.{id}"), "name");
        }
    }

    fn entries(&mut self, family: &str, entries: &[Entry]) {
        self.none(entries.is_empty(), family);
        self.names(family, entries.iter().map(|entry| (&entry.id, &entry.name)));
    }

    fn questions(&mut self, family: &str, questions: &[Question]) {
        self.none(questions.is_empty(), family);
        self.duplicates(family, questions.iter().map(|question| &question.id));
        self.asked(family, questions);
    }

    fn asked(&mut self, family: &str, questions: &[Question]) {
        for question in questions {
            self.blank(&question.question, format!("{family}.{}", question.id), "question");
        }
    }

    fn stances(&mut self, stances: &[Entry]) {
        self.entries("stance", stances);
        for id in stances.iter().map(|stance| &stance.id) {
            if !Stance::ALL.iter().any(|known| known.as_str() == id.as_str()) {
                self.error(format!("stance.{id}"), "a stance is 'own', 'shape' or 'support'");
            }
        }
    }

    fn dimensions(&mut self, guide: &Guide) {
        self.none(guide.dimensions.is_empty(), "dimension");
        self.names("dimension", guide.dimensions.iter().map(|dimension| (&dimension.id, &dimension.name)));
        for dimension in guide.dimensions.iter().filter(|dimension| dimension.trap.is_blank()) {
            self.warning(format!("dimension.{}", dimension.id), "it has no trap: reports cannot warn of one");
        }
    }

    fn sections(&mut self, guide: &Guide) {
        self.none(guide.sections.is_empty(), "section");
        self.names("section", guide.sections.iter().map(|section| (&section.id, &section.name)));
        for section in &guide.sections {
            if section.questions.is_empty() {
                self.warning(format!("section.{}", section.id), "it asks nothing: reports leave it out");
            }
            self.asked(&format!("section.{}.question", section.id), &section.questions);
        }
        // Answers are kept by the question's id alone, so sections must not share one.
        let all = guide.sections.iter().flat_map(|section| &section.questions);
        self.duplicates("section.question", all.map(|question| &question.id));
    }

    fn evidence_kinds(&mut self, guide: &Guide) {
        self.none(guide.evidence_kinds.is_empty(), "evidence_kind");
        self.names("evidence_kind", guide.evidence_kinds.iter().map(|kind| (&kind.id, &kind.name)));
        for kind in &guide.evidence_kinds {
            self.evidence_kind(guide, kind);
        }
    }

    fn evidence_kind(&mut self, guide: &Guide, kind: &EvidenceKind) {
        let place = format!("evidence_kind.{}", kind.id);
        if let Some(dimension) = &kind.dimension
            && let Err(unknown) = guide.word(Vocabulary::Dimension, dimension.as_str())
        {
            let nearest = unknown.nearest.as_ref();
            let hint = nearest.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
            self.error(place.as_str(), format!("{unknown}{hint}"));
        }
        if kind.words.iter().any(|word| word.is_blank() || word.raw() != word.raw().trim().to_lowercase()) {
            self.warning(
                place,
                "some of its words are empty or not in lower case: no subject will match them",
            );
        }
    }

    /// That there is none is no mistake: the built-in list holds.
    fn bots(&mut self, names: &[Text]) {
        for (at, name) in names.iter().enumerate() {
            let place = format!("bots.names.{}", at + 1);
            self.blank(name, place.clone(), "name");
            if !name.is_blank() && name.raw().chars().all(|c| c == '*' || c.is_whitespace()) {
                self.error(place, "it would call everybody a program");
            }
        }
    }

    fn reaches(&mut self, reaches: &[Entry]) {
        self.names("reach", reaches.iter().map(|reach| (&reach.id, &reach.name)));
        if reaches.len() < 2 {
            self.warning("reach", "fewer than two levels: reports leave out how far work carried");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Severity::{Error, Warning};
    use super::check;
    use crate::format::guide::{DEFAULT, builtin, decode};
    use crate::model::guide::Guide;
    use crate::model::{Slug, Text};

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    #[test]
    fn every_problem_is_found_where_it_is() {
        type Spoil = fn(&mut Guide);
        let cases: &[(Spoil, super::Severity, &str, &str)] = &[
            (|g| g.title = Text::from(" "), Error, "title", "empty"),
            (|g| g.calendar.fiscal_year_start = 0, Error, "calendar.fiscal_year_start", "0 is not a month"),
            (|g| g.calendar.fiscal_year_start = 13, Error, "calendar.fiscal_year_start", "13 is not a month"),
            (|g| g.context = Default::default(), Warning, "context", "company context"),
            (|g| g.context.questions[1] = Text::default(), Error, "context.questions.2", "question is empty"),
            (|g| g.gates.clear(), Warning, "gate", "leave 'gate' out"),
            (|g| g.gates[0].question = Text::default(), Error, "gate.outcome", "question is empty"),
            (|g| g.outcomes.clear(), Warning, "outcome", "leave 'outcome' out"),
            (|g| g.outcomes[1].id = slug("trust"), Error, "outcome.trust", "used 2 times"),
            (|g| g.outcomes[2].name = Text::from("\u{200b}"), Error, "outcome.trust", "name is empty"),
            (|g| g.capabilities.clear(), Warning, "capability", "leave 'capability' out"),
            (|g| g.stances.clear(), Warning, "stance", "leave 'stance' out"),
            (|g| g.stances[0].id = slug("lead"), Error, "stance.lead", "'own', 'shape' or 'support'"),
            (|g| g.claims.clear(), Warning, "claim", "leave 'claim' out"),
            (|g| g.lenses.clear(), Warning, "lens", "leave 'lens' out"),
            (|g| g.lenses[0].id = slug("system"), Error, "lens.system", "used 2 times"),
            (|g| g.dimensions[0].id = slug("product"), Error, "dimension.product", "used 2 times"),
            (|g| g.dimensions[0].trap = Text::default(), Warning, "dimension.technical", "no trap"),
            (|g| g.dimensions[0].name = Text::default(), Error, "dimension.technical", "name is empty"),
            (|g| g.filter.clear(), Warning, "filter", "leave 'filter' out"),
            (|g| g.filter[9].question = Text::default(), Error, "filter.scope", "question is empty"),
            (|g| g.sections.clear(), Warning, "section", "leave 'section' out"),
            (|g| g.sections[0].questions.clear(), Warning, "section.relevance", "asks nothing"),
            (|g| g.sections[0].name = Text::default(), Error, "section.relevance", "name is empty"),
            (
                |g| g.sections[0].questions[0].question = Text::default(),
                Error,
                "section.relevance.question.outcomes",
                "question is empty",
            ),
            (
                |g| g.sections[0].questions[0].id = slug("fresh"),
                Error,
                "section.question.fresh",
                "used 2 times",
            ),
            (|g| g.bet_kinds.clear(), Warning, "bet_kind", "leave 'bet_kind' out"),
            (|g| g.evidence_kinds.clear(), Warning, "evidence_kind", "leave 'evidence_kind' out"),
            (
                |g| g.evidence_kinds[0].dimension = Some(slug("tecnical")),
                Error,
                "evidence_kind.strategy",
                "unknown dimension 'tecnical'; did you mean 'technical'?",
            ),
            (
                |g| g.evidence_kinds[0].dimension = Some(slug("zzz")),
                Error,
                "evidence_kind.strategy",
                "unknown dimension 'zzz'",
            ),
            (
                |g| g.evidence_kinds[0].words[0] = Text::from("RFC"),
                Warning,
                "evidence_kind.strategy",
                "lower case",
            ),
            (|g| g.trailers[0].keys.clear(), Warning, "trailer.reviewed", "no keys"),
            (|g| g.trailers[0].keys[0] = Text::from("Reviewed By"), Error, "trailer.reviewed", "hyphens"),
            (|g| g.trailers[0].keys[0] = Text::from("Signed-Off-By"), Error, "trailer.reviewed", "no credit"),
            (
                |g| g.trailers[1].keys[0] = Text::from("tested-by"),
                Error,
                "trailer.tested",
                "in 'trailer.mentored'",
            ),
            (|g| g.trailers[1].id = slug("reviewed"), Error, "trailer.reviewed", "used 2 times"),
            (|g| g.trailers[0].name = Text::default(), Error, "trailer.reviewed", "name is empty"),
            (|g| g.trailers[0].kind = Some(slug("zzz")), Error, "trailer.reviewed", "no evidence kind 'zzz'"),
            (
                |g| g.trailers[0].dimension = Some(slug("zzz")),
                Error,
                "trailer.reviewed",
                "no dimension 'zzz'",
            ),
            (|g| g.bots.names[1] = Text::default(), Error, "bots.names.2", "name is empty"),
            (|g| g.bots.names = vec!["ci".into(), "**".into()], Error, "bots.names.2", "call everybody"),
            (|g| g.reaches.truncate(1), Warning, "reach", "fewer than two levels"),
            (|g| g.reaches.clear(), Warning, "reach", "fewer than two levels"),
        ];
        let sound = decode(builtin(DEFAULT).unwrap()).unwrap();
        for (spoil, severity, place, message) in cases {
            let mut guide = sound.clone();
            spoil(&mut guide);
            let found = check(&guide);
            assert!(
                found.iter().any(|it| it.severity == *severity
                    && it.place.raw() == *place
                    && it.message.contains(message)),
                "{place}: {message}: {found:?}"
            );
        }
    }

    #[test]
    fn an_empty_guide_has_gaps_but_no_errors() {
        let found = check(&Guide::empty());
        assert_eq!(found.len(), 13, "{found:?}");
        assert!(found.iter().all(|problem| problem.severity == Warning), "{found:?}");
    }
}
