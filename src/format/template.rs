//! What a person's editor opens with: a draft in TOML, with the guide's words beside each key.

use std::fmt::Write;

use crate::model::guide::Vocabulary;
use crate::model::{Bet, Guide, Kind, Text};

/// Everything from this line on is ignored, as in git's own templates.
pub const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// The part of a text above the scissors.
pub fn above_scissors(text: &str) -> &str {
    text.find(SCISSORS).map_or(text, |at| &text[..at])
}

/// A draft of evidence.
pub fn evidence(guide: &Guide, bets: &[&Bet]) -> String {
    let mut text = String::from(
        "# What happened. Only the title has to be filled in; leave the rest empty or delete it.\n",
    );
    text += "title = \"\"\n\n";
    key(&mut text, "happened", "\"\"", "the day: 2026-11-03, yesterday, last friday; empty is today");
    key(&mut text, "kind", "\"\"", &words(guide, Vocabulary::EvidenceKind));
    key(&mut text, "bets", "[]", &slugs(bets));
    key(&mut text, "dimensions", "[]", &words(guide, Vocabulary::Dimension));
    key(&mut text, "outcomes", "[]", &words(guide, Vocabulary::Outcome));
    key(&mut text, "capabilities", "[]", &words(guide, Vocabulary::Capability));
    key(&mut text, "reach", "\"\"", &words(guide, Vocabulary::Reach));
    key(&mut text, "stance", "\"\"", "own, shape, support");
    key(&mut text, "claims", "[]", &words(guide, Vocabulary::Claim));
    key(&mut text, "adopters", "[]", "teams or people who took it up");
    key(&mut text, "artifacts", "[]", "links, #12, commit ids, \"doc:https://…\", \"person:Ada\"");
    key(&mut text, "metrics", "[]", "\"p95 latency: 410ms -> 180ms\"");
    text += "\n# Anything else worth keeping.\nnote = \"\"\"\n\"\"\"\n";
    text
}

/// A draft of a bet.
pub fn bet(guide: &Guide, bets: &[&Bet]) -> String {
    let mut text = String::from("# What is the bet? Only the title has to be filled in.\n");
    text += "title = \"\"\n\n";
    key(&mut text, "slug", "\"\"", "a short name to type; empty makes one from the title");
    key(&mut text, "period", "\"\"", "the quarter it is made for");
    key(&mut text, "kind", "\"\"", &words(guide, Vocabulary::BetKind));
    key(&mut text, "stance", "\"\"", "own, shape, support");
    key(&mut text, "outcomes", "[]", &words(guide, Vocabulary::Outcome));
    key(&mut text, "capabilities", "[]", &words(guide, Vocabulary::Capability));
    key(&mut text, "dimensions", "[]", &words(guide, Vocabulary::Dimension));
    key(&mut text, "after", "[]", &format!("bets that come first: {}", slugs(bets)));
    key(&mut text, "proofs", "[]", "the proof that will exist if it succeeds, one text each");
    key(
        &mut text,
        "measures",
        "[]",
        "\"p95 latency: 410 -> 180 ms\", \"weekly orders: 100 -> 120 k shared\"",
    );
    text += "\nnote = \"\"\"\n\"\"\"\n\n[gate]\n# A question that stays open makes the bet unproven, not invalid.\n";
    for gate in &guide.gates {
        let _ = writeln!(text, "# {}\n{} = \"\"", comment(&gate.question), gate.id);
    }
    text
}

/// A draft of an objective.
pub fn objective(guide: &Guide) -> String {
    let mut text = String::from("# What does the organisation want? Only the title has to be filled in.\n");
    text += "title = \"\"\n\n";
    key(&mut text, "slug", "\"\"", "a short name to type; empty makes one from the title");
    key(&mut text, "period", "\"\"", "the period it is made for");
    key(&mut text, "stance", "\"\"", "own, shape");
    key(&mut text, "owner", "\"\"", "who answers for it, when it is not you");
    key(&mut text, "outcomes", "[]", &words(guide, Vocabulary::Outcome));
    key(&mut text, "measures", "[]", "key results: \"weekly orders: 100 -> 120 k shared\"");
    text += "\nnote = \"\"\"\n\"\"\"\n\n[lens]\n# A lens that stays blank is shown as blank.\n";
    for lens in &guide.lenses {
        let _ = writeln!(text, "# {}\n{} = \"\"", comment(&lens.question), lens.id);
    }
    text
}

/// A draft of a decision.
pub fn decision(guide: &Guide) -> String {
    let mut text = String::from("# What is decided on?\n");
    text += "title = \"\"\n\n";
    key(&mut text, "verdict", "\"\"", "take, later, support, decline");
    key(&mut text, "why", "\"\"", "has to be filled in");
    key(&mut text, "date", "\"\"", "the day: 2026-11-03, yesterday; empty is today");
    key(&mut text, "owner", "\"\"", "who owns it, when you support another owner");
    key(&mut text, "until", "\"\"", "when to look again, when it comes later");
    text += "\n[answer]\n# for, against or unsure, and after a colon why: \"for: three teams wait\"\n";
    for question in &guide.filter {
        let _ = writeln!(text, "# {}\n{} = \"\"", comment(&question.question), question.id);
    }
    text
}

/// How a line begins that only offers a key: it goes when the record is saved.
pub const OFFER: &str = "#? ";

/// A record's text for an editor: the keys it may have and has not stand above its tables, where they belong, and what
/// else there is to know stands below the scissors.
pub fn record(text: &str, kind: Kind, guide: &Guide, bets: &[&Bet]) -> String {
    let has =
        |key: &str| text.lines().any(|line| line.split('=').next().is_some_and(|name| name.trim() == key));
    let offers: String = offers(kind, guide, bets)
        .into_iter()
        .filter(|(key, ..)| !has(key))
        .map(|(key, value, about)| format!("{OFFER}{:<24} # {about}\n", format!("{key} = {value}")))
        .collect();
    let tables = text.lines().position(|line| line.starts_with('['));
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let (head, tail) = lines.split_at(tables.unwrap_or(lines.len()).min(lines.len()));
    let head = head.join("\n");
    let mut shown = format!("{}\n{offers}", head.trim_end());
    if !tail.is_empty() {
        shown += &format!("\n{}\n", tail.join("\n"));
    }
    format!("{shown}\n{}", footer(kind, guide, bets))
}

/// A text without the keys that were only offered.
pub fn without_offers(text: &str) -> String {
    let kept: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("#?") && !line.starts_with(ERROR)).collect();
    format!("{}\n", kept.join("\n").trim_end())
}

/// Keys that a record may have, an empty value, and what goes there.
fn offers(kind: Kind, guide: &Guide, bets: &[&Bet]) -> Vec<(&'static str, &'static str, String)> {
    let list = |family| words(guide, family);
    let stance = || "own, shape, support".to_owned();
    match kind {
        Kind::Evidence => vec![
            ("kind", "\"\"", list(Vocabulary::EvidenceKind)),
            ("bets", "[]", format!("by id, see below: {}", slugs(bets))),
            ("dimensions", "[]", list(Vocabulary::Dimension)),
            ("outcomes", "[]", list(Vocabulary::Outcome)),
            ("capabilities", "[]", list(Vocabulary::Capability)),
            ("reach", "\"\"", list(Vocabulary::Reach)),
            ("stance", "\"\"", stance()),
            ("claims", "[]", list(Vocabulary::Claim)),
            ("adopters", "[]", "teams or people who took it up".into()),
            ("note", "\"\"", "anything else".into()),
        ],
        Kind::Bet => vec![
            ("kind", "\"\"", list(Vocabulary::BetKind)),
            ("stance", "\"\"", stance()),
            ("outcomes", "[]", list(Vocabulary::Outcome)),
            ("capabilities", "[]", list(Vocabulary::Capability)),
            ("dimensions", "[]", list(Vocabulary::Dimension)),
            ("proofs", "[]", "the proof that will exist if it succeeds".into()),
            ("note", "\"\"", "anything else".into()),
        ],
        Kind::Objective => vec![
            ("stance", "\"\"", "own, shape".into()),
            ("owner", "\"\"", "who answers for it".into()),
            ("outcomes", "[]", list(Vocabulary::Outcome)),
            ("note", "\"\"", "anything else".into()),
        ],
        Kind::Decision => vec![
            ("why", "\"\"", String::new()),
            ("owner", "\"\"", "who owns it instead".into()),
            ("until", "\"\"", "when to look again".into()),
        ],
        Kind::CheckIn => {
            vec![("confidence", "70", "percent".into()), ("note", "\"\"", "what changed and why".into())]
        }
        Kind::Verdict | Kind::Review => Vec::new(),
    }
}

/// What stands below the scissors: tables that a record may have, and the ids of open bets.
fn footer(kind: Kind, guide: &Guide, bets: &[&Bet]) -> String {
    let noun = kind.as_str();
    let mut text = format!(
        "{SCISSORS}\n# Everything from here on is ignored. The {noun} is saved when the file is valid.\n\
         # Lines with '#?' only offer a key: take the sign away and fill it in.\n"
    );
    let questions = |text: &mut String, table: &str, list: &[crate::model::guide::Question]| {
        let _ = writeln!(text, "# [{table}]");
        for one in list {
            let _ = writeln!(text, "# {:<26} {}", format!("{} = \"\"", one.id), comment(&one.question));
        }
    };
    match kind {
        Kind::Evidence => {
            text += "# [[artifact]]               then type = \"doc\" and ref = \"https://…\"\n";
            text += "# [[metric]]                 then name = \"p95\", before = \"410ms\" and after = \"180ms\"\n";
            for bet in bets {
                let _ = writeln!(text, "# bet \"{}\"  {}  {}", bet.id, bet.slug, comment(&bet.title));
            }
        }
        Kind::Bet => {
            questions(&mut text, "gate", &guide.gates);
            text += "# [[measure]]                then name, unit, baseline, target, direction = \"up\" or \"down\", shared\n";
        }
        Kind::Objective => questions(&mut text, "lens", &guide.lenses),
        Kind::Decision => {
            text += "# [answer.<question>]        then says = \"for\", \"against\" or \"unsure\", and why\n";
            for question in &guide.filter {
                let _ = writeln!(text, "# {:<26} {}", question.id.as_str(), comment(&question.question));
            }
        }
        Kind::CheckIn | Kind::Verdict | Kind::Review => {}
    }
    text
}

/// How the line begins that says what is wrong with the next one.
const ERROR: &str = "#! error: ";

/// Puts an error above the line it is about, replacing the one from before.
pub fn with_error(text: &str, line: Option<usize>, message: &str) -> String {
    let mark = ERROR;
    let line = line.map(|line| line - text.lines().take(line).filter(|one| one.starts_with(mark)).count());
    let mut lines: Vec<String> =
        text.lines().filter(|line| !line.starts_with(mark)).map(str::to_owned).collect();
    let place = line.map_or(0, |line| line.saturating_sub(1)).min(lines.len());
    lines.insert(place, format!("{mark}{}", comment(&Text::from(message))));
    lines.join("\n") + "\n"
}

fn key(text: &mut String, name: &str, value: &str, about: &str) {
    let _ = writeln!(text, "{:<24} # {about}", format!("{name} = {value}"));
}

fn words(guide: &Guide, family: Vocabulary) -> String {
    guide.words(family).iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ")
}

fn slugs(bets: &[&Bet]) -> String {
    if bets.is_empty() {
        "no open bet".into()
    } else {
        bets.iter().map(|bet| bet.slug.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn comment(text: &Text) -> String {
    text.visible()
}

#[cfg(test)]
mod tests {
    use super::{above_scissors, bet, evidence, with_error};
    use crate::format::draft::{BetDraft, EvidenceDraft, fill};
    use crate::model::{Guide, Text};

    #[test]
    fn templates_are_valid_drafts_whatever_the_title() {
        let mut guide = Guide::empty();
        guide.gates.push(toml::from_str("id = \"proof\"\nquestion = \"Which\\nproof?\"").unwrap());
        for title in ["", "plain", "\"quotes\" \\ and\ttabs", "\u{1b}[31m"] {
            let said = EvidenceDraft { title: title.into(), ..EvidenceDraft::default() };
            assert_eq!(EvidenceDraft::parse(&fill(&evidence(&guide, &[]), &said)).unwrap().title, title);
            let said = BetDraft { title: title.into(), ..BetDraft::default() };
            assert_eq!(BetDraft::parse(&fill(&bet(&guide, &[]), &said)).unwrap().title, title);
        }
    }

    #[test]
    fn an_error_stands_above_its_line_once() {
        let once = with_error("a\nb\nc\n", Some(2), "bad");
        assert_eq!(once, "a\n#! error: bad\nb\nc\n");
        assert_eq!(with_error(&once, Some(4), "worse"), "a\nb\n#! error: worse\nc\n");
        assert_eq!(above_scissors("a\n# ------------------------ >8 ------------------------\nb"), "a\n");
        assert!(Text::from(once).raw().contains("error"));
    }
}
