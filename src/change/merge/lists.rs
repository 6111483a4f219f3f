//! Lists in a three-way merge: what stays, and in which order.

use toml::Value;

/// Keys by which the entries of a list of tables are told apart, the best first.
const NAMES: [&str; 5] = ["id", "ref", "name", "measure", "slug"];

/// How entries are told apart: by one of their keys, or by all that they are.
pub(super) fn name_of(lists: &[&[Value]]) -> Option<&'static str> {
    NAMES.into_iter().find(|key| {
        lists.iter().all(|list| {
            let mut names: Vec<&str> = list.iter().filter_map(|entry| entry.get(key)?.as_str()).collect();
            let found = names.len();
            names.sort_unstable();
            names.dedup();
            found == list.len() && names.len() == found
        })
    })
}

/// The names of a merged list in order: the winner's, unless only the loser changed the order; what the other side
/// alone has goes behind what it followed there.
pub(super) fn order(
    base: &[String],
    winner: &[String],
    loser: &[String],
    stays: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let common = |list: &[String]| -> Vec<String> {
        let everywhere = |name: &&String| [base, winner, loser].iter().all(|list| list.contains(name));
        list.iter().filter(everywhere).cloned().collect()
    };
    let loser_sorts = common(loser) != common(base) && common(winner) == common(base);
    let (first, second) = if loser_sorts { (loser, winner) } else { (winner, loser) };
    let mut list: Vec<String> = Vec::new();
    for name in first.iter().filter(|name| stays(name)) {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
    for (place, name) in second.iter().enumerate() {
        if list.contains(name) || !stays(name) {
            continue;
        }
        let before = second[..place].iter().rev().find_map(|other| list.iter().position(|one| one == other));
        list.insert(before.map_or(0, |at| at + 1), name.clone());
    }
    list
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn additions_stay_behind_what_they_followed() {
        let list = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        for (base, winner, loser, merged) in [
            ("a b c", "a b c d", "a x b c", "a x b c d"),
            ("a b c", "a c", "a b c d", "a c d"),
            ("a b c", "a b c", "c b a", "c b a"),
            ("a b c", "c b a", "a b c d", "c d b a"),
            ("", "a b", "c", "c a b"),
            ("a", "", "b a", "b"),
        ] {
            let (base, winner, loser) = (list(base), list(winner), list(loser));
            let stays = |name: &str| {
                let has = |list: &[String]| list.iter().any(|one| one == name);
                match (has(&winner), has(&loser)) {
                    (true, true) => true,
                    (false, false) => false,
                    _ => !has(&base),
                }
            };
            assert_eq!(order(&base, &winner, &loser, &stays), list(merged));
        }
    }
}
