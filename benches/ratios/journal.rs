//! Synthetic journals: ten years of bets, check-ins, evidence and verdicts in layout format 1.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::random::{Random, date, day};
use super::world::{git, import};

/// The first day, 2017-01-01, and the number of days: ten years.
const START: i64 = 17_167;
const DAYS: i64 = 3_652;
const QUARTERS: i64 = 40;

const GUIDE: &str = include_str!("../../src/guides/l8-growth.toml");
const KINDS: [&str; 7] = ["strategy", "decision", "platform", "reliability", "launch", "people", "ai"];
const DIMENSIONS: [&str; 4] = ["technical", "product", "ai", "collaboration"];
const OUTCOMES: [&str; 5] = ["marketplace", "membership", "lifecycle", "enterprise", "efficiency"];
const CAPABILITIES: [&str; 6] =
    ["experimentation", "measurement", "production", "platform", "ai", "orchestration"];
const BET_KINDS: [&str; 3] = ["pillar-shaping", "business-facing", "force-multiplier"];
const REACH: [&str; 5] = ["self", "team", "multi-team", "pillar", "company"];
const STANCES: [&str; 3] = ["own", "shape", "support"];
const STATUS: [&str; 4] = ["not-started", "on-track", "at-risk", "off-track"];
const TEAMS: [&str; 8] =
    ["Payments", "Search", "Identity", "Growth", "Data", "Mobile", "Checkout", "Partner API"];

/// The files of one day, by path.
type Days = BTreeMap<i64, Vec<(String, String)>>;

/// Writes a journal of `records` records as a bare repository at `dir`, and packs it.
pub(crate) fn write(dir: &Path, records: usize, seed: u64) -> io::Result<()> {
    git(&["init", "--quiet", "--bare", "--initial-branch=okr", &dir.to_string_lossy()], dir.parent());
    for (key, value) in [("gc.auto", "0"), ("core.logAllRefUpdates", "always"), ("core.fsync", "all")] {
        git(&["config", key, value], Some(dir));
    }
    import(dir, |stream| commits(stream, &days(records, seed)))?;
    git(&["repack", "-adq", "--depth=10"], Some(dir));
    git(&["prune-packed", "-q"], Some(dir));
    std::fs::create_dir_all(dir.join("okr"))?;
    std::fs::write(dir.join("okr/journal"), "kkkkkkkkkkkkkkkk\n")
}

/// One commit a day: the root with the guide, then every day that has records.
fn commits(stream: &mut dyn Write, days: &Days) -> io::Result<()> {
    let header = format!(
        "# A git-okr journal. Every record is a TOML file; 'git okr fsck' checks them.\n\
         format = 1\nid = \"kkkkkkkkkkkkkkkk\"\ncreated = {}\n",
        moment(START)
    );
    let root = vec![("journal.toml".to_owned(), header), ("guide.toml".to_owned(), GUIDE.to_owned())];
    for (at, files) in std::iter::once((&START, &root)).chain(days) {
        let subject = format!("add {} records of {}\n", files.len(), day(*at));
        let time = (at * 24 + 18) * 3600;
        writeln!(stream, "commit refs/heads/okr")?;
        writeln!(stream, "committer Mina Okafor <mina@acme.test> {time} +0000")?;
        write!(stream, "data {}\n{subject}", subject.len())?;
        for (path, text) in files {
            write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
        }
    }
    Ok(())
}

/// Commits of a machine that wrote alone for a quarter: `count` pieces of evidence, ten a commit.
pub(crate) fn grown(
    stream: &mut dyn Write,
    branch: &str,
    from: &str,
    count: usize,
    seed: u64,
) -> io::Result<()> {
    let mut random = Random::new(seed);
    for nth in 0..count / 10 {
        let at = START + DAYS + (nth * 90 / (count / 10)) as i64;
        writeln!(stream, "commit refs/heads/{branch}")?;
        writeln!(stream, "committer Mina Okafor <mina@acme.test> {} +0000", (at * 24 + 18) * 3600)?;
        write!(stream, "data 4\nadd\n")?;
        if nth == 0 {
            writeln!(stream, "from {from}")?;
        }
        for _ in 0..10 {
            let happened = at - random.below(14) as i64;
            let (id, (year, month, dd)) = (random.id(), date(happened));
            let text = evidence_text(&mut random, &id, happened, &[]);
            let path = format!("evidence/{year}-{month:02}/{dd:02}/{id}.toml");
            write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
        }
    }
    Ok(())
}

/// Of n records: a few bets a quarter, check-ins on each, and of the rest 70 % evidence and 30 % verdicts.
fn days(records: usize, seed: u64) -> Days {
    let mut random = Random::new(seed ^ records as u64);
    let (a_quarter, a_bet) = match records {
        0..5_000 => (2, 3),
        5_000..50_000 => (4, 6),
        _ => (6, 13),
    };
    let bets = (a_quarter * 40).min(records / 10);
    let mut days = Days::new();
    let mut known: Vec<(i64, String)> = Vec::new();
    for at in 0..bets {
        let opened = START + at as i64 * DAYS / bets as i64;
        let bet = random.id();
        put(&mut days, opened, format!("bets/{bet}.toml"), bet_text(&mut random, &bet, at, opened));
        for nth in 0..a_bet.min(records / 20) {
            let date = (opened + 1 + nth as i64 * 90 / a_bet as i64).min(START + DAYS - 1);
            let id = random.id();
            let text = check_in_text(&mut random, &id, &bet, date);
            put(&mut days, date, format!("checkins/{bet}/{}-{id}.toml", day(date)), text);
        }
        known.push((opened, bet));
    }
    let rest = records.saturating_sub(days.values().map(Vec::len).sum());
    for at in 0..rest {
        let happened = START + random.below(DAYS as usize) as i64;
        let id = random.id();
        let (_, month, dd) = date(happened);
        let shard = format!("{}-{month:02}/{dd:02}", date(happened).0);
        if at * 10 < rest * 7 {
            let open: Vec<&String> = known
                .iter()
                .filter(|(o, _)| (0..120).contains(&(happened - o)))
                .map(|(_, bet)| bet)
                .collect();
            let text = evidence_text(&mut random, &id, happened, &open);
            put(&mut days, happened, format!("evidence/{shard}/{id}.toml"), text);
        } else {
            let text = verdict_text(&mut random, &id, happened);
            put(&mut days, happened, format!("verdicts/{shard}/{id}.toml"), text);
        }
    }
    days
}

fn put(days: &mut Days, at: i64, path: String, text: String) {
    days.entry(at).or_default().push((path, text));
}

fn moment(at: i64) -> String {
    format!("{}T18:00:00+00:00", day(at))
}

fn period(at: i64) -> String {
    let (year, month, _) = date(at);
    format!("{year}-Q{}", (month - 1) / 3 + 1)
}

fn title(random: &mut Random) -> String {
    let words = 5 + random.below(6);
    let text = random.prose(words);
    format!("{}{}", text[..1].to_uppercase(), text[1..].trim_end_matches('.'))
}

fn bet_text(random: &mut Random, id: &str, at: usize, opened: i64) -> String {
    let mut text = format!(
        "id = \"{id}\"\nslug = \"bet-{at}\"\ntitle = \"{}\"\nperiod = \"{}\"\nkind = \"{}\"\nstance = \"{}\"\n",
        title(random),
        period(opened),
        random.pick(&BET_KINDS),
        random.pick(&STANCES),
    );
    text += &format!(
        "outcomes = [\"{}\"]\ncapabilities = [\"{}\"]\ndimensions = [\"{}\"]\nproofs = [\"{}\", \"{}\"]\n",
        random.pick(&OUTCOMES),
        random.pick(&CAPABILITIES),
        random.pick(&DIMENSIONS),
        random.prose(7),
        random.prose(5),
    );
    text += &format!("note = \"{}\"\nrecorded = {}\n", random.prose(20), moment(opened));
    text += &format!(
        "\n[gate]\noutcome = \"{}\"\nlevel = \"{}\"\nproof = \"{}\"\n",
        random.prose(8),
        random.prose(9),
        random.prose(8)
    );
    text += "\n[[measure]]\nname = \"p95 latency\"\nunit = \"ms\"\nbaseline = 410.0\ntarget = 180.0\n\
             direction = \"down\"\nshared = false\n";
    if opened + 180 < START + DAYS {
        let outcome = random.pick(&["won", "won", "lost", "dropped"]);
        let closed = day(opened + 88);
        text +=
            &format!("\n[closed]\noutcome = \"{outcome}\"\ndate = {closed}\nwhy = \"{}\"\n", random.prose(9));
    }
    text
}

fn check_in_text(random: &mut Random, id: &str, bet: &str, date: i64) -> String {
    format!(
        "id = \"{id}\"\nbet = \"{bet}\"\ndate = {}\nstatus = \"{}\"\nconfidence = {}\nnote = \"{}\"\nrecorded = {}\n\
         \n[[reading]]\nmeasure = \"p95 latency\"\nvalue = {}.0\n",
        day(date),
        random.pick(&STATUS),
        random.below(101),
        random.prose(12),
        moment(date),
        180 + random.below(230),
    )
}

fn evidence_text(random: &mut Random, id: &str, happened: i64, open: &[&String]) -> String {
    let mut text = format!("id = \"{id}\"\ntitle = \"{}\"\nhappened = {}\n", title(random), day(happened));
    // One capture in eight was never sorted.
    let sorted = !random.chance(12);
    if sorted {
        text += &format!("kind = \"{}\"\n", random.pick(&KINDS));
        if !open.is_empty() && random.chance(60) {
            text += &format!("bets = [\"{}\"]\n", open[random.below(open.len())]);
        }
        text += &format!(
            "dimensions = [\"{}\"]\noutcomes = [\"{}\"]\nreach = \"{}\"\nstance = \"{}\"\n",
            random.pick(&DIMENSIONS),
            random.pick(&OUTCOMES),
            random.pick(&REACH),
            random.pick(&STANCES),
        );
        if random.chance(40) {
            text += &format!("adopters = [\"{}\", \"{}\"]\n", random.pick(&TEAMS), random.pick(&TEAMS));
        }
        if random.chance(50) {
            text += &format!("note = \"{}\"\n", random.prose(18));
        }
    }
    text += &format!("recorded = {}\n", moment(happened));
    if random.chance(70) {
        let number = random.below(20_000);
        text += &format!(
            "\n[[artifact]]\ntype = \"pull-request\"\nref = \"#{number}\"\nrepo = \"github.com/acme/shop\"\n\
             url = \"https://github.com/acme/shop/pull/{number}\"\nsubject = \"{}\"\n",
            title(random)
        );
    }
    if sorted && random.chance(20) {
        text += "\n[[metric]]\nname = \"p95 latency\"\nbefore = \"410 ms\"\nafter = \"180 ms\"\n";
    }
    text
}

fn verdict_text(random: &mut Random, id: &str, date: i64) -> String {
    let number = random.below(20_000);
    format!(
        "id = \"{id}\"\ndecision = \"dismissed\"\ntitle = \"{}\"\ndate = {}\n\
         keys = [\"pr:github.com/acme/shop#{number}\", \"commit:mina@acme.test|{}|{}\"]\nrecorded = {}\n",
        title(random),
        day(date),
        (date * 24 + 11) * 3600,
        title(random),
        moment(date),
    )
}

/// The quarter in the middle of the ten years: as full as any other.
pub(crate) fn quarter() -> (String, i64, i64) {
    let from = START + DAYS * (QUARTERS / 2) / QUARTERS + 1;
    let name = period(from);
    let inside = |at: &i64| period(*at) == name;
    let first = (from - 100..=from).find(inside).unwrap_or(from);
    let last = (from..from + 100).rev().find(inside).unwrap_or(from);
    (name, first, last)
}
