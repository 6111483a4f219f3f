//! Legibility: what keeps an outside reader from following a record. Text in, complaints out; few, and no model.

mod lists;
mod words;

use std::collections::BTreeSet;

use super::strength::BEYOND_TEAM;
use crate::model::guide::Stream;
use crate::model::{Artifact, ArtifactKind, Evidence, Guide, Text};

/// Complaints that one record leads to, at most.
const STRONGEST: usize = 2;

/// What an outside reader would stumble over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Names of one's own code, and nobody for whom it matters.
    OwnCode,
    /// Neither a link nor a person: nobody could look it up.
    NothingToOpen,
    /// It reached beyond the team, and nobody is named who took it up.
    NoAdopter,
    /// It says "we", and nowhere what the person did.
    NoRole,
    /// Capital words that are not written out.
    Acronyms(Vec<String>),
    /// Loud work without a number.
    NoNumber,
}

impl Complaint {
    /// The rule that makes it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::OwnCode => "legible-context",
            Self::NothingToOpen => "legible-artifact",
            Self::NoAdopter => "legible-adopter",
            Self::NoRole => "legible-role",
            Self::Acronyms(_) => "legible-acronym",
            Self::NoNumber => "legible-number",
        }
    }

    /// What the person could do about it, while it is fresh.
    pub fn advice(&self) -> String {
        match self {
            Self::OwnCode => "it names only code; say for whom it matters".into(),
            Self::NothingToOpen => "nobody else could look this up; name a link or a person who knows".into(),
            Self::NoAdopter => "it reached beyond the team; name who took it up".into(),
            Self::NoRole => "it says 'we'; say what your part was".into(),
            Self::Acronyms(words) => {
                format!("an outside reader may not know {}; write it out once", words.join(", "))
            }
            Self::NoNumber => "a number would say how much, how many or how often".into(),
        }
    }
}

/// A reader from outside, who knows what everybody knows and what the guide says.
pub struct Reader<'g> {
    guide: &'g Guide,
    known: BTreeSet<String>,
}

impl<'g> Reader<'g> {
    /// A reader of records that are written by a guide.
    pub fn new(guide: &'g Guide) -> Self {
        let entries = guide.outcomes.iter().chain(&guide.capabilities).chain(&guide.reaches);
        let texts = entries
            .flat_map(|entry| [&entry.name, &entry.about])
            .chain(guide.dimensions.iter().flat_map(|dimension| [&dimension.name, &dimension.about]))
            .chain([&guide.title, &guide.about, &guide.context.statement])
            .chain(&guide.legibility.known);
        let known = texts.flat_map(capital_words).collect();
        Self { guide, known }
    }

    /// What an outside reader would stumble over, the strongest first. Nothing when the record is legible.
    pub fn complaints(&self, evidence: &Evidence) -> Vec<Complaint> {
        let texts: Vec<&str> = [&evidence.title, &evidence.note].map(Text::raw).into();
        let text = texts.join("\n");
        let adopters = evidence.adopters.iter().filter(|name| name.has_letters()).count();
        let reach = self.guide.reach_rank(evidence.reach.as_ref());
        let for_nobody = adopters == 0
            && evidence.bets.is_empty()
            && evidence.outcomes.is_empty()
            && evidence.capabilities.is_empty()
            && evidence.claims.is_empty()
            && evidence.metrics.is_empty();
        let mut found = Vec::new();
        if for_nobody && words::is_code_alone(&text) {
            found.push(Complaint::OwnCode);
        }
        if adopters == 0 && !evidence.artifacts.iter().any(Artifact::can_be_opened) {
            found.push(Complaint::NothingToOpen);
        }
        let person = evidence.artifacts.iter().any(|one| one.kind == ArtifactKind::Person);
        if adopters == 0
            && !person
            && reach.is_some_and(|rank| rank >= BEYOND_TEAM)
            && !words::names_somebody(&text)
        {
            found.push(Complaint::NoAdopter);
        }
        if evidence.stance.is_none() && evidence.claims.is_empty() && words::hides_its_speaker(&text) {
            found.push(Complaint::NoRole);
        }
        found.extend(self.acronyms(evidence, &text));
        let loud = self.guide.stream(evidence.kind.as_ref()) == Some(Stream::Loud);
        if loud && evidence.metrics.is_empty() && adopters < 2 && !words::has_quantity(&text) {
            found.push(Complaint::NoNumber);
        }
        found.truncate(STRONGEST);
        found
    }

    /// Acronyms that neither the text nor the names of its adopters explain.
    fn acronyms(&self, evidence: &Evidence, text: &str) -> Option<Complaint> {
        let named: BTreeSet<String> = evidence.adopters.iter().flat_map(capital_words).collect();
        let words: Vec<String> =
            words::unexplained(text, &self.known).into_iter().filter(|word| !named.contains(word)).collect();
        (!words.is_empty()).then_some(Complaint::Acronyms(words))
    }
}

/// Words in capitals, as they stand.
fn capital_words(text: &Text) -> Vec<String> {
    text.raw()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_uppercase()))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Complaint, Reader};
    use crate::format::guide::{builtin, decode};
    use crate::format::record;
    use crate::model::{Evidence, Kind, Record};

    fn evidence(text: &str) -> Evidence {
        let head = "id = \"kkkkkkkkkkkkkkkl\"\nhappened = 2026-07-14\nrecorded = 2026-07-15T12:00:00Z\n";
        match record::decode(Kind::Evidence, &format!("{head}{text}")).unwrap() {
            Record::Evidence(evidence) => evidence,
            _ => unreachable!(),
        }
    }

    fn complaints(text: &str) -> Vec<Complaint> {
        let guide = decode(builtin("staff-engineer").unwrap()).unwrap();
        Reader::new(&guide).complaints(&evidence(text))
    }

    const PULL: &str = "[[artifact]]\ntype = \"pull-request\"\nref = \"#7\"\n";
    const DOC: &str = "[[artifact]]\ntype = \"doc\"\nref = \"https://example.com/plan\"\n";

    #[test]
    fn legible_records_are_left_in_peace() {
        let cases = [
            // Adopters vouch for what has no link.
            "title = \"Queue carries Payments and Search\"\nkind = \"platform\"\nreach = \"pillar\"\nadopters = [\"Payments\", \"Search\"]\n".to_owned(),
            // A decision needs no number.
            format!("title = \"Decided against a second budget\"\nkind = \"decision\"\nreach = \"team\"\nstance = \"shape\"\n{DOC}"),
            // Mentoring is proven by a person, and reached one.
            "title = \"Sefa led a design review for the first time\"\nkind = \"people\"\nreach = \"team\"\n[[artifact]]\ntype = \"person\"\nref = \"Sefa Adeyemi\"\n".to_owned(),
            // "We" with a stance beside it.
            format!("title = \"We agreed on one order of work\"\nkind = \"strategy\"\nstance = \"shape\"\n{DOC}"),
            // "We" in somebody else's mouth.
            format!("title = \"Payments on the queue: \\\"we would not go back\\\"\"\nkind = \"strategy\"\n{DOC}"),
            // A number in words, and everyday capitals.
            format!("title = \"The SQL API answers in half the time over HTTPS, p95\"\nkind = \"reliability\"\n{PULL}"),
            // A number as a metric.
            format!("title = \"Response time fell\"\nkind = \"reliability\"\n{PULL}[[metric]]\nname = \"p95\"\nbefore = \"410ms\"\nafter = \"180ms\"\n"),
            // Code in a sentence that says what changed.
            format!("title = \"Retry storms in budget/ask.rs are bounded to 3 tries\"\nkind = \"reliability\"\n{PULL}"),
            // Code alone, with the bet that explains it.
            format!("title = \"Extract RetryPolicy\"\nkind = \"strategy\"\nbets = [\"kkkkkkkkkkkkkkkm\"]\n{PULL}"),
            // An acronym that the record writes out.
            format!("title = \"Lifetime value (LTV) decides the order\"\nkind = \"strategy\"\n{DOC}"),
            // An acronym that is the name of an adopter.
            format!("title = \"Order of work for CRM\"\nkind = \"strategy\"\nadopters = [\"CRM\"]\nreach = \"multi-team\"\n{DOC}"),
            // Who took it up stands in the title.
            format!("title = \"Order of work taken over by Payments\"\nkind = \"strategy\"\nreach = \"multi-team\"\n{DOC}"),
            // Shouting is a habit.
            format!("title = \"ONE ORDER OF WORK FOR BOTH TEAMS\"\nkind = \"strategy\"\n{DOC}"),
            // Other tongues have no acronyms of ours.
            format!("title = \"Eine Reihenfolge für beide Teams\"\nkind = \"strategy\"\n{DOC}"),
        ];
        for text in cases {
            assert_eq!(complaints(&text), [], "{text}");
        }
    }

    #[test]
    fn what_stops_an_outside_reader_is_told_the_strongest_first() {
        let cases: [(String, &[&str]); 8] = [
            (format!("title = \"Refactor QueueWorker\"\nkind = \"decision\"\n{PULL}"), &["legible-context"]),
            ("title = \"The order of work changed\"\nkind = \"decision\"\n".into(), &["legible-artifact"]),
            (
                format!("title = \"One order of work\"\nkind = \"strategy\"\nreach = \"pillar\"\n{DOC}"),
                &["legible-adopter"],
            ),
            (format!("title = \"We agreed on an order\"\nkind = \"strategy\"\n{DOC}"), &["legible-role"]),
            (format!("title = \"Order by LTV\"\nkind = \"strategy\"\n{DOC}"), &["legible-acronym"]),
            (format!("title = \"Answers come faster\"\nkind = \"reliability\"\n{PULL}"), &["legible-number"]),
            (
                "title = \"We cut LTV\"\nkind = \"launch\"\nreach = \"company\"\n".into(),
                &["legible-artifact", "legible-adopter"],
            ),
            ("title = \"\"\nkind = \"decision\"\nadopters = [\"-\"]\n".into(), &["legible-artifact"]),
        ];
        for (text, rules) in cases {
            let found: Vec<_> = complaints(&text).iter().map(Complaint::rule).collect();
            assert_eq!(found, rules, "{text}");
        }
    }

    #[test]
    fn a_guide_adds_words_that_its_readers_know() {
        let mut guide = decode(builtin("staff-engineer").unwrap()).unwrap();
        let record = evidence(&format!("title = \"Order by LTV\"\nkind = \"strategy\"\n{DOC}"));
        assert_eq!(Reader::new(&guide).complaints(&record), [Complaint::Acronyms(vec!["LTV".into()])]);
        guide.legibility.known = vec!["LTV".into()];
        assert_eq!(Reader::new(&guide).complaints(&record), []);
        guide.legibility.known.clear();
        guide.outcomes[0].about = "Customers stay; LTV rises.".into();
        assert_eq!(Reader::new(&guide).complaints(&record), [], "what the guide says is known");
    }
}
