//! `git okr list`: evidence by period, bet, dimension, kind, reach, text.

use super::FormatOption;
use crate::context::{Context, lookup};
use crate::error::{CommandError, Outcome, exit};
use crate::model::guide::Vocabulary;
use crate::model::{Evidence, Period};
use crate::render::view;
use crate::store::journal::{Scope, Shards};

/// List evidence
///
/// Every filter narrows the list; without one, all evidence is listed, oldest first.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// When it happened: 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter, 2026-07-01..2026-09-30
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// Only evidence of this bet, by slug or id
    #[arg(long, value_name = "BET")]
    bet: Option<String>,

    /// Only evidence of this dimension
    #[arg(long, value_name = "DIMENSION")]
    dimension: Option<String>,

    /// Only evidence of this kind
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,

    /// Only evidence that reached this far or further
    #[arg(long, value_name = "REACH")]
    reach: Option<String>,

    /// Only captures that nobody sorted yet: no kind, no bet, no dimension
    #[arg(long)]
    untriaged: bool,

    /// Only evidence whose title or note has this text
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period = args.period.as_deref().map(|name| context.period(Some(name), &guide)).transpose()?;
    let shards = period.as_ref().map_or(Shards::All, |period| Shards::Between(period.start, period.end));
    let mut snapshot =
        context.snapshot(&at, Scope { check_ins: false, evidence: shards, decisions: Shards::None })?;
    let filter = Filter::new(&args, &snapshot, period)?;
    snapshot.evidence.retain(|one| filter.keeps(one, &snapshot.guide));
    let list = std::mem::take(&mut snapshot.evidence);
    context
        .ui
        .answer(args.format.get(), "evidence", &list, |list| view::record::evidence_list(list, &snapshot))?;
    Ok(exit::DONE)
}

struct Filter {
    period: Option<Period>,
    bet: Option<crate::model::RecordId>,
    dimension: Option<crate::model::Slug>,
    kind: Option<crate::model::Slug>,
    reach: Option<usize>,
    untriaged: bool,
    text: Option<String>,
}

impl Filter {
    fn new(
        args: &Args,
        snapshot: &crate::model::Snapshot,
        period: Option<Period>,
    ) -> Result<Self, CommandError> {
        let guide = &snapshot.guide;
        let word =
            |family, text: &Option<String>| text.as_deref().map(|text| guide.word(family, text)).transpose();
        let reach = word(Vocabulary::Reach, &args.reach)?;
        Ok(Self {
            period,
            bet: args
                .bet
                .as_deref()
                .map(|name| lookup::bet_in(snapshot, name).map_err(CommandError::new))
                .transpose()?,
            dimension: word(Vocabulary::Dimension, &args.dimension)?,
            kind: word(Vocabulary::EvidenceKind, &args.kind)?,
            reach: guide.reach_rank(reach.as_ref()),
            untriaged: args.untriaged,
            text: args.text.clone(),
        })
    }

    fn keeps(&self, one: &Evidence, guide: &crate::model::Guide) -> bool {
        self.period.as_ref().is_none_or(|period| period.contains(one.happened))
            && self.bet.is_none_or(|bet| one.bets.contains(&bet))
            && self.dimension.as_ref().is_none_or(|dimension| one.dimensions.contains(dimension))
            && self.kind.is_none() | (self.kind == one.kind)
            && self
                .reach
                .is_none_or(|least| guide.reach_rank(one.reach.as_ref()).is_some_and(|rank| rank >= least))
            && (!self.untriaged || one.is_untriaged())
            && self.text.as_deref().is_none_or(|text| {
                one.title.contains_ignoring_case(text) || one.note.contains_ignoring_case(text)
            })
    }
}
