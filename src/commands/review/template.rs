//! The form of answers for an editor: every key there is, with what the records say above it.

use std::fmt::Write;

use crate::model::Slug;
use crate::render::view::review::left;
use crate::report::Finding;
use crate::report::review::Agenda;

/// The form. Everything in it may stay empty.
pub(super) fn template(agenda: &Agenda) -> String {
    let mut text = format!(
        "# Review of {} ({}). Fill in what you can; what stays empty is left as it is.\n\n",
        agenda.period.name,
        left(agenda.days_left)
    );
    let _ = writeln!(text, "next = []  # bets for {}, one text each", agenda.next.visible());
    text += "note = \"\"\"\n\"\"\"\n";
    for one in &agenda.bets {
        let _ = write!(text, "\n# {}: {}", one.bet.slug, one.bet.title.visible());
        if let Some(status) = one.bet.status {
            let _ = write!(text, " ({})", status.as_str());
        }
        text.push('\n');
        comments(&mut text, &one.findings);
        let _ = write!(
            text,
            "[bet.{}]\ndecision = \"\"  # keep, modify, carry, drop\nwhy = \"\"\n\
             # confidence = {}  (percent: take the sign and this away)\n\
             status = \"\"  # not-started, on-track, at-risk, off-track\n",
            one.bet.slug,
            one.bet.confidence.unwrap_or(50)
        );
    }
    for one in &agenda.questions {
        let answer = &one.answer;
        let _ = writeln!(text, "\n# {} ({})", answer.question.visible(), one.section.visible());
        let _ = writeln!(text, "# the records say: {}", answer.reading.as_str());
        comments(&mut text, &answer.findings);
        if let Some(said) = &one.said {
            let rating = said.rating.map_or("", |rating| rating.as_str());
            let _ = writeln!(text, "# you said: {rating} {}", said.text.first_line().visible());
        }
        let _ =
            write!(text, "[answer.{}]\nrating = \"\"  # weak, fair, strong\ntext = \"\"\n", key(&answer.id));
    }
    if !agenda.findings.is_empty() {
        text += "\n[finding]\n";
        for one in &agenda.findings {
            comments(&mut text, &one.findings);
            let _ = writeln!(text, "{} = \"\"  # {}", key(&one.rule), one.reason);
        }
    }
    text
}

fn comments(text: &mut String, findings: &[Finding]) {
    for finding in findings {
        let _ = writeln!(text, "# - {}", finding.message.visible());
    }
}

fn key(id: &Slug) -> &str {
    id.as_str()
}
