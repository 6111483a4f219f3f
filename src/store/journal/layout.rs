//! Where records live in the journal's tree (format 1).

use crate::model::{Day, Kind, Record, RecordId, Review};

/// The file that holds the format version.
pub(super) const HEADER: &str = "journal.toml";
/// The file that holds the guide.
pub(super) const GUIDE: &str = "guide.toml";

/// Files that a merge could not take into others, by blob id: whole, and read by nobody but their owner.
pub(super) const UNMERGED: &str = "unmerged";

/// Directories of record kinds.
pub(super) const DIRECTORIES: [&str; 7] =
    ["bets", "checkins", "decisions", "evidence", "objectives", "reviews", "verdicts"];

/// Directories whose records lie in shards by day.
pub(super) const DATED: [&str; 3] = ["decisions", "evidence", "verdicts"];

/// The path of a record.
pub(super) fn path(record: &Record) -> String {
    match record {
        Record::Bet(bet) => format!("bets/{}.toml", bet.id),
        Record::CheckIn(check_in) => {
            format!("{}{}-{}.toml", check_ins(check_in.bet), check_in.date, check_in.id)
        }
        Record::Evidence(evidence) => format!("evidence/{}/{}.toml", shard(evidence.happened), evidence.id),
        Record::Objective(objective) => format!("objectives/{}.toml", objective.id),
        Record::Decision(decision) => format!("decisions/{}/{}.toml", shard(decision.date), decision.id),
        Record::Review(review) => format!("reviews/{}.toml", review.period.raw()),
        Record::Verdict(verdict) => format!("verdicts/{}/{}.toml", shard(verdict.date), verdict.id),
    }
}

/// The directory of a bet's check-ins, with its slash.
pub(super) fn check_ins(bet: RecordId) -> String {
    format!("checkins/{bet}/")
}

/// The day shard `yyyy-mm/dd`.
pub(super) fn shard(day: Day) -> String {
    let text = day.to_string();
    format!("{}/{}", &text[..7], &text[8..])
}

/// The kind and id that a path below the root stands for; `None` for anything that is no record's place.
pub(super) fn parse(path: &str) -> Option<(Kind, RecordId)> {
    let parts: Vec<&str> = path.split('/').collect();
    let id = |file: &str| RecordId::parse(file.strip_suffix(".toml")?).ok();
    match parts.as_slice() {
        ["bets", file] => Some((Kind::Bet, id(file)?)),
        ["checkins", bet, file] => {
            RecordId::parse(bet).ok()?;
            let (date, rest) = file.split_at_checked(10)?;
            Day::parse(date)?;
            Some((Kind::CheckIn, id(rest.strip_prefix('-')?)?))
        }
        ["objectives", file] => Some((Kind::Objective, id(file)?)),
        ["reviews", file] => {
            let period = file
                .strip_suffix(".toml")
                .filter(|name| name.len() >= 4 && name.starts_with(|c: char| c.is_ascii_digit()))?;
            Some((Kind::Review, Review::id_of(period)))
        }
        ["decisions", month, day, file] => day_of(month, day).and(id(file)).map(|id| (Kind::Decision, id)),
        ["evidence", month, day, file] => day_of(month, day).and(id(file)).map(|id| (Kind::Evidence, id)),
        ["verdicts", month, day, file] => day_of(month, day).and(id(file)).map(|id| (Kind::Verdict, id)),
        _ => None,
    }
}

/// The day of a shard.
pub(super) fn day_of(month: &str, day: &str) -> Option<Day> {
    Day::parse(&format!("{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::model::Kind;

    #[test]
    fn only_places_of_records_parse() {
        let id = "kqvmkqvmkqvmkqvm";
        for (path, kind) in [
            (format!("bets/{id}.toml"), Some(Kind::Bet)),
            (format!("checkins/{id}/2026-11-03-{id}.toml"), Some(Kind::CheckIn)),
            (format!("evidence/2026-11/03/{id}.toml"), Some(Kind::Evidence)),
            (format!("verdicts/2024-02/29/{id}.toml"), Some(Kind::Verdict)),
            (format!("evidence/2026-02/30/{id}.toml"), None),
            (format!("evidence/2026-11/3/{id}.toml"), None),
            (format!("evidence/../03/{id}.toml"), None),
            (format!("bets/{id}.txt"), None),
            (format!("bets/x/{id}.toml"), None),
            (format!("checkins/{id}/2026-11-3-{id}.toml"), None),
            (format!("checkins/{id}/é.toml"), None),
            ("journal.toml".into(), None),
        ] {
            assert_eq!(parse(&path).map(|(kind, _)| kind), kind, "{path}");
        }
    }
}
