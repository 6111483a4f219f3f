//! Credit: changes of others that name me in a trailer, gathered into one suggestion a month, role and area.
//!
//! Reviews and help leave no commit of one's own, so this is how quiet work becomes visible. One change of somebody
//! else is no evidence; a month of them is.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::guide::{Guide, TrailerRole};
use crate::model::project::{Person, ProjectCommit};
use crate::model::{Slug, Text};

use super::group::{Fact, Piece};
use super::references::queued;
use super::suggest::Context;
use super::{mine, trailers};

/// The roles of a guide that says nothing about trailers: id, name, trailers, kind, dimension.
pub const BUILT_IN: &[(&str, &str, &[&str], &str, &str)] = &[
    (
        "reviewed",
        "Reviewed",
        &["Reviewed-by", "Acked-by", "Approved-by", "Reviewers"],
        "people",
        "collaboration",
    ),
    ("mentored", "Mentored on", &["Mentored-by"], "people", "collaboration"),
    ("helped", "Helped with", &["Helped-by", "Thanks-to"], "people", "collaboration"),
    ("suggested", "Suggested", &["Suggested-by", "Proposed-by", "Inspired-by"], "decision", "product"),
    ("tested", "Tested", &["Tested-by"], "reliability", "technical"),
    (
        "reported",
        "Reported what led to",
        &["Reported-by", "Noticed-by", "Diagnosed-by"],
        "reliability",
        "technical",
    ),
];

/// The role that whoever approves for a merge queue has.
const APPROVES: &str = "Reviewed-by";

/// What the trailers of others say of a person.
#[derive(Clone, Debug)]
pub struct Roles {
    roles: Vec<TrailerRole>,
    /// Which role a trailer stands for, in lower case.
    of: BTreeMap<String, usize>,
}

impl Roles {
    /// The roles of a guide, or the built-in ones, with the kinds and dimensions that the guide knows.
    pub fn of(guide: &Guide) -> Self {
        let mut roles = guide.trailers.clone();
        if roles.is_empty() {
            roles.extend(BUILT_IN.iter().filter_map(|(id, name, keys, kind, dimension)| {
                Some(TrailerRole {
                    id: Slug::parse(id).ok()?,
                    name: (*name).into(),
                    keys: keys.iter().map(|key| (*key).into()).collect(),
                    kind: Slug::parse(kind).ok(),
                    dimension: Slug::parse(dimension).ok(),
                })
            }));
        }
        for role in &mut roles {
            role.kind.take_if(|kind| !guide.evidence_kinds.iter().any(|known| known.id == *kind));
            role.dimension.take_if(|dimension| !guide.dimensions.iter().any(|known| known.id == *dimension));
        }
        let keys = roles.iter().enumerate().flat_map(|(at, role)| role.keys.iter().map(move |key| (key, at)));
        let of = keys.map(|(key, at)| (key.raw().to_lowercase(), at)).collect();
        Self { roles, of }
    }

    /// A role by its id.
    pub fn find(&self, id: &Slug) -> Option<&TrailerRole> {
        self.roles.iter().find(|role| role.id == *id)
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.of.get(&key.to_lowercase()).copied()
    }

    /// Everybody whom the commit credits: the role, and the words for the person.
    fn credits<'c>(&self, commit: &'c ProjectCommit) -> Vec<(usize, &'c str)> {
        let mut found = Vec::new();
        let mut take = |key: &str, value: &'c str| {
            if let Some(place) = self.place(key) {
                let people = value.split(',').map(str::trim).filter(|one| !one.is_empty());
                found.extend(people.take(MOST_NAMED).map(|one| (place, one)));
            }
        };
        for (key, value) in &commit.trailers {
            take(key.raw(), value.raw());
        }
        // Phabricator's key has a space in it, so git does not see a trailer.
        for line in commit.body.raw().lines().filter(|line| line.starts_with("Reviewed By: ")) {
            take(APPROVES, &line["Reviewed By: ".len()..]);
        }
        if let Some(queued) = queued(commit.subject.raw()) {
            found.extend(
                self.place(APPROVES)
                    .into_iter()
                    .flat_map(|place| queued.reviewers.clone().into_iter().map(move |login| (place, login))),
            );
        }
        found
    }

    /// True when the commit credits me.
    pub fn names(&self, commit: &ProjectCommit, me: &Me<'_>) -> bool {
        self.credits(commit).into_iter().any(|(_, words)| me.is(words))
    }

    /// Keeps the trailers that credit, and drops the rest.
    pub fn keep_credits(&self, commit: &mut ProjectCommit) {
        commit.trailers.retain(|(key, _)| self.place(key.raw()).is_some());
    }

    /// Everybody whom commits credit by name and address, as git writes people: to be put through the mailmap.
    pub fn contacts(&self, commits: &[ProjectCommit]) -> BTreeSet<String> {
        let people = commits.iter().flat_map(|commit| self.credits(commit));
        people.filter_map(|(_, words)| person(words)).map(|person| contact(&person)).collect()
    }
}

/// People that one trailer may name.
const MOST_NAMED: usize = 64;

/// Who I am in the trailers of others.
#[derive(Clone, Copy, Debug)]
pub struct Me<'a> {
    /// My addresses.
    pub addresses: &'a [Text],
    /// My accounts on forges.
    pub logins: &'a [Text],
    /// Other people of the history whom its mailmap says to be me, as git writes people.
    pub also: &'a BTreeSet<String>,
}

impl Me<'_> {
    /// True when the words for a person mean me: `Name <address>`, an address, or an account.
    pub fn is(&self, words: &str) -> bool {
        match person(words) {
            Some(person) => {
                let mine = |own: &Text| own.raw().eq_ignore_ascii_case(person.email.raw());
                self.addresses.iter().any(mine)
                    || self.also.contains(&contact(&person))
                    || is_private(person.email.raw(), self.logins)
            }
            None => {
                let login = words.trim_start_matches('@');
                !login.contains(char::is_whitespace) && mine::is_my_login(login, self.addresses, self.logins)
            }
        }
    }
}

/// `Name <address>`, or an address alone, whose name nobody said.
fn person(words: &str) -> Option<Person> {
    trailers::person(words).or_else(|| {
        let (local, host) = words.split_once('@')?;
        let is_address = !local.is_empty()
            && !host.is_empty()
            && !words.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
        is_address.then(|| Person { name: Text::default(), email: words.into() })
    })
}

/// `12345+login@users.noreply.github.com` of one of my accounts.
fn is_private(email: &str, logins: &[Text]) -> bool {
    let Some((local, host)) = email.split_once('@') else { return false };
    let login = local.split_once('+').map_or(local, |(_, login)| login);
    host.starts_with("users.noreply.") && logins.iter().any(|own| own.raw().eq_ignore_ascii_case(login))
}

fn contact(person: &Person) -> String {
    format!("{} <{}>", person.name.raw(), person.email.raw().to_lowercase())
}

/// A change of somebody else that credits me, and the commit that tells which part of the product it touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// The change.
    pub credit: Credit,
    /// The commit to ask for its files.
    pub commit: String,
}

pub use crate::model::suggestion::Credit;

/// Credits in pieces of work that are not mine.
pub(super) fn credited(pieces: &[Piece], facts: &[Fact<'_>], context: &Context<'_>) -> Vec<Credited> {
    pieces.iter().filter_map(|piece| of_piece(piece, facts, context)).collect()
}

fn of_piece(piece: &Piece, facts: &[Fact<'_>], context: &Context<'_>) -> Option<Credited> {
    let all: Vec<&Fact<'_>> = piece.commits.iter().map(|at| &facts[*at]).collect();
    if all.iter().any(|fact| mine::is_mine(fact.commit, context.me)) {
        return None;
    }
    let me = Me { addresses: context.me, logins: context.logins, also: context.also };
    let named = all.iter().flat_map(|fact| context.roles.credits(fact.commit));
    let roles: BTreeSet<usize> = named.filter(|(_, words)| me.is(words)).map(|(place, _)| place).collect();
    if roles.is_empty() {
        return None;
    }
    let merge = all.iter().copied().find(|fact| fact.is_merge());
    let author = author(&all, context)?;
    let lead = merge.or_else(|| all.last().copied())?;
    let review = piece.pulls.values().next();
    let title = super::message::title_of(lead.headline(), "");
    let artifact = match review {
        Some(review) => super::artifacts::review(review, &super::secrets::redact(&title).text, context.repo),
        None => super::artifacts::commit(lead, context.repo),
    };
    let key = piece.pulls.keys().next().map(|pull| pull.key(context.repo));
    let key = key.or_else(|| all.iter().map(|fact| fact.key.clone()).min())?;
    let credit = Credit {
        id: crate::model::RecordId::derived(&key),
        day: lead.commit.committed.day(),
        roles: roles.into_iter().filter_map(|at| Some(context.roles.roles.get(at)?.id.clone())).collect(),
        area: None,
        author,
        artifact,
    };
    Some(Credited { credit, commit: lead.commit.id.clone() })
}

/// Who wrote the change. Nobody for what programs wrote: approving their updates helps no person.
fn author(all: &[&Fact<'_>], context: &Context<'_>) -> Option<Person> {
    let people = || all.iter().map(|fact| &fact.commit.author).filter(|person| !context.bots.is(person));
    let written = all.iter().filter(|fact| !fact.is_merge()).map(|fact| &fact.commit.author);
    if let Some(person) = written.clone().find(|person| !context.bots.is(person)) {
        return Some(person.clone());
    }
    // Without its commits a queue's merge names the account only.
    let login = all.iter().find_map(|fact| queued(fact.commit.subject.raw())).map(|queued| queued.login);
    if let Some(login) = login {
        let person = Person { name: login.into(), email: login.into() };
        let own = mine::is_my_login(login, context.me, context.logins);
        return (!own && !context.bots.is_login(&login.into())).then_some(person);
    }
    if written.count() > 0 { None } else { people().next().cloned() }
}

/// The part of the product that most of a change's files belong to; none when they are scattered.
pub fn area_of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Option<Text> {
    let (mut all, mut counts) = (0_usize, BTreeMap::<&str, usize>::new());
    for path in paths {
        all += 1;
        if let Some(area) = super::guess::area(path) {
            *counts.entry(area).or_default() += 1;
        }
    }
    let (area, count) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
    (count * 2 > all).then(|| area.into())
}
