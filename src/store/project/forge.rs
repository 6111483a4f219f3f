//! Forges behind remotes: which software serves a host, and where its pages for a repository are.
//!
//! A wrong page is worse than none: a host that nothing is known about has none, unless a setting says what it is.

use std::collections::BTreeMap;

use anyhow::bail;

use crate::model::Text;
use crate::model::project::{Forge, WebRepo};
use crate::store::git_config::GitConfig;

/// Hosts that are another name for a forge's public one.
const ALIASES: [(&str, &str); 7] = [
    ("altssh.bitbucket.org", "bitbucket.org"),
    ("altssh.gitlab.com", "gitlab.com"),
    ("ssh.dev.azure.com", "dev.azure.com"),
    ("ssh.github.com", "github.com"),
    ("vs-ssh.visualstudio.com", "dev.azure.com"),
    ("www.github.com", "github.com"),
    ("www.gitlab.com", "gitlab.com"),
];

/// Public hosts whose names do not say what they run.
const PUBLIC: [(&str, Forge); 7] = [
    ("bitbucket.org", Forge::BitbucketCloud),
    ("codeberg.org", Forge::Gitea),
    ("dev.azure.com", Forge::Azure),
    ("github.com", Forge::GitHub),
    ("invent.kde.org", Forge::GitLab),
    ("review.opendev.org", Forge::Gerrit),
    ("salsa.debian.org", Forge::GitLab),
];

/// Where Bitbucket Server listens for ssh.
const BITBUCKET_SSH: u16 = 7999;

/// Where Bitbucket Server listens without a proxy before it.
const BITBUCKET_HTTP: u16 = 7990;

/// Where Gerrit listens for ssh.
const GERRIT_SSH: u16 = 29418;

/// How a remote is spoken to, as far as the address of its pages depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Http,
    Https,
    /// ssh and git: the port, and often the host, say nothing about web pages.
    Other,
}

/// A host as a URL names it, without user, password or token.
pub(super) struct Authority {
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

/// What a remote's URL says.
pub(super) struct Place<'a> {
    pub(super) transport: Transport,
    pub(super) authority: &'a Authority,
    pub(super) segments: &'a [&'a str],
}

/// What `okr.forge.<host>.kind` and `.url` say of hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForgeSettings(BTreeMap<String, ForgeSetting>);

/// What settings say of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ForgeSetting {
    /// The software; `Some(None)` for a host that must have no pages.
    kind: Option<Option<Forge>>,
    url: Option<String>,
}

impl ForgeSettings {
    /// Reads them. A word that is no forge, and an address that is none, are errors.
    pub fn read(config: &GitConfig) -> anyhow::Result<Self> {
        let mut hosts = BTreeMap::<String, ForgeSetting>::new();
        for host in config.subsections("okr.forge", "kind") {
            let word = config.get(&format!("okr.forge.{host}.kind")).unwrap_or_default();
            let kind = if word == "none" { None } else { Forge::parse(word) };
            if kind.is_none() && word != "none" {
                let words: Vec<_> = Forge::WORDS.iter().map(|(word, _)| *word).collect();
                let (host, word) = (Text::from(host), Text::from(word));
                let (host, word, words) = (host.visible(), word.visible(), words.join(", "));
                bail!("'okr.forge.{host}.kind' is no forge: '{word}' (one of {words}, or none)");
            }
            hosts.entry(host.to_ascii_lowercase()).or_default().kind = Some(kind);
        }
        for host in config.subsections("okr.forge", "url") {
            let url = config.get(&format!("okr.forge.{host}.url")).unwrap_or_default().trim_end_matches('/');
            if root_host(url).is_none() {
                // The value is not shown: it may hold a password.
                let host = Text::from(host);
                bail!("'okr.forge.{}.url' is not the plain address of a site", host.visible());
            }
            hosts.entry(host.to_ascii_lowercase()).or_default().url = Some(url.to_owned());
        }
        Ok(Self(hosts))
    }
}

/// The public name of a host that has another.
pub(super) fn public_name(host: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(alias, _)| *alias == host).map(|(_, public)| *public)
}

/// The host to name a repository by, and its pages. `None` when nothing is known about the host, or the path is none
/// that its forge has.
pub(super) fn locate(place: &Place<'_>, settings: &ForgeSettings) -> Option<(String, WebRepo)> {
    let host = place.authority.host.as_str();
    let set = settings.0.get(host);
    let url = set.and_then(|set| set.url.as_deref());
    let forge = match set.and_then(|set| set.kind) {
        Some(kind) => kind?,
        None => detect(place).or_else(|| by_name(root_host(url?)?))?,
    };
    // A host without a dot is most often an alias of somebody's ssh configuration.
    if url.is_none() && !host.contains('.') && place.transport == Transport::Other {
        return None;
    }
    let wiki = place.segments.last().is_some_and(|name| name.ends_with(".wiki"));
    let plain = |segment: &&str| {
        let encoded = if forge == Forge::Azure { '%' } else { '-' };
        segment.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~+".contains(c) || c == encoded)
    };
    if wiki || !place.segments.iter().all(plain) {
        return None;
    }
    let context = url.map(|url| path_of(url)).unwrap_or_default();
    let (before, path) = repository(forge, host, &below(place, &context))?;
    let root = match url {
        Some(url) => url.to_owned(),
        None => root(forge, place) + &before,
    };
    let named = match (url, forge) {
        (Some(url), _) => root_host(url).unwrap_or(host),
        (None, Forge::Azure) if host.ends_with(".visualstudio.com") => "dev.azure.com",
        _ => host,
    };
    Some((named.to_owned(), WebRepo { forge, root, path }))
}

/// The host of a site's address, and nothing for what is none.
fn root_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "@?#\\\"'<>".contains(c);
    let authority = rest.split('/').next().filter(|_| !rest.contains(odd))?;
    let host = authority.split(':').next().unwrap_or(authority);
    (!host.is_empty()).then_some(host)
}

fn path_of(url: &str) -> Vec<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').skip(1).filter(|part| !part.is_empty()).collect()
}

/// The segments below a site's context path, which remotes over http have and those over ssh have not.
fn below<'a>(place: &Place<'a>, context: &[&'a str]) -> Vec<&'a str> {
    place.segments.strip_prefix(context).unwrap_or(place.segments).to_vec()
}

/// What a host runs, by its name, its port and the shape of the path.
fn detect(place: &Place<'_>) -> Option<Forge> {
    let Authority { host, port } = place.authority;
    let by_port = match (place.transport, port) {
        (Transport::Other, Some(BITBUCKET_SSH)) | (Transport::Http, Some(BITBUCKET_HTTP)) => {
            Some(Forge::BitbucketServer)
        }
        (Transport::Other, Some(GERRIT_SSH)) => Some(Forge::Gerrit),
        _ => None,
    };
    let scm = place.transport != Transport::Other && place.segments.contains(&"scm");
    by_name(host).or(by_port).or_else(|| scm.then_some(Forge::BitbucketServer))
}

fn by_name(host: &str) -> Option<Forge> {
    let first = host.split('.').next().unwrap_or_default();
    let label = |word: &str| first.split('-').any(|part| part == word);
    PUBLIC.iter().find(|(public, _)| *public == host).map(|(_, forge)| *forge).or_else(|| match host {
        _ if host.starts_with("github.") || host.ends_with(".ghe.com") => Some(Forge::GitHub),
        _ if host.contains("gitlab") => Some(Forge::GitLab),
        _ if host.ends_with(".visualstudio.com") => Some(Forge::Azure),
        _ if host.ends_with(".googlesource.com") || label("gerrit") => Some(Forge::Gerrit),
        _ if label("gitea") || label("forgejo") => Some(Forge::Gitea),
        _ if label("bitbucket") || label("stash") => Some(Forge::BitbucketServer),
        _ => None,
    })
}

/// The context path before a repository's own, and the repository's.
fn repository(forge: Forge, host: &str, segments: &[&str]) -> Option<(String, String)> {
    let whole = |fits: bool| fits.then(|| (String::new(), segments.join("/")));
    match forge {
        Forge::GitHub | Forge::Gitea | Forge::BitbucketCloud => whole(segments.len() == 2),
        Forge::GitLab => whole(segments.len() >= 2),
        Forge::Gerrit => {
            let path = segments.strip_prefix(&["a"]).unwrap_or(segments);
            (!path.is_empty()).then(|| (String::new(), path.join("/")))
        }
        Forge::BitbucketServer => on_bitbucket(segments),
        Forge::Azure => on_azure(host, segments).map(|path| (String::new(), path)),
    }
}

/// `[context/]scm/PROJ/name`, `PROJ/name`, `[context/]projects/PROJ/repos/name`, `[context/]users/mina/repos/name`.
fn on_bitbucket(segments: &[&str]) -> Option<(String, String)> {
    let context = |parts: &[&str]| parts.iter().map(|part| format!("/{part}")).collect::<String>();
    match segments {
        [before @ .., "scm", owner, name] => Some((context(before), format!("{owner}/{name}"))),
        [before @ .., "projects", owner, "repos", name] => Some((context(before), format!("{owner}/{name}"))),
        [before @ .., "users", owner, "repos", name] => Some((context(before), format!("~{owner}/{name}"))),
        [owner, name] => Some((String::new(), format!("{owner}/{name}"))),
        _ => None,
    }
}

/// `v3/org/project/name`, `org/project/_git/name`, `org/_git/name` of the project with the same name; and with the
/// organisation in the host.
fn on_azure(host: &str, segments: &[&str]) -> Option<String> {
    if let ["v3", org, project, name] = segments {
        return Some(format!("{org}/{project}/{name}"));
    }
    let at = segments.iter().position(|part| matches!(*part, "_git" | "_ssh"))?;
    let (before, [_, name]) = segments.split_at(at) else { return None };
    let org = host.strip_suffix(".visualstudio.com");
    let before = match org {
        Some(_) => before.strip_prefix(&["DefaultCollection"]).unwrap_or(before),
        None => before,
    };
    let mut parts: Vec<&str> = org.into_iter().chain(before.iter().copied()).collect();
    if parts.len() == 1 {
        parts.push(name);
    }
    (parts.len() >= 2).then(|| format!("{}/{name}", parts.join("/")))
}

/// Where a forge is, by the remote's host.
fn root(forge: Forge, place: &Place<'_>) -> String {
    let Authority { host, port } = place.authority;
    let public = PUBLIC.iter().any(|(public, _)| public == host) || host == "gitlab.com";
    let scheme = if place.transport == Transport::Http && !public { "http" } else { "https" };
    let port = match (place.transport, port) {
        (Transport::Http, Some(80)) | (Transport::Https, Some(443)) | (Transport::Other, _) | (_, None) => {
            String::new()
        }
        (_, Some(port)) => format!(":{port}"),
    };
    match (forge, host.strip_suffix(".googlesource.com")) {
        (Forge::Azure, None) if host.ends_with(".visualstudio.com") => "https://dev.azure.com".to_owned(),
        (Forge::Gerrit, Some(site)) => {
            let site = site.strip_suffix("-review").unwrap_or(site);
            format!("https://{site}-review.googlesource.com")
        }
        _ => format!("{scheme}://{host}{port}"),
    }
}
