//! Every shape of remote URL that was met, and those that somebody may try.

use crate::model::project::Forge::{
    self, Azure, BitbucketCloud, BitbucketServer, Gerrit, GitHub, GitLab, Gitea,
};
use crate::model::project::ProjectRepo;
use crate::store::git_config::GitConfig;
use crate::store::project::forge::ForgeSettings;
use crate::store::project::remote_url;
use crate::store::sandbox::Sandbox;

fn parse(url: &str) -> Option<ProjectRepo> {
    remote_url::parse(url, &ForgeSettings::default())
}

/// A URL, the name it gives, and the page.
type Case = (&'static str, &'static str, Option<(Forge, &'static str)>);

#[test]
fn names_and_pages_follow_from_the_url() {
    let cases: &[Case] = &[
        ("https://github.com/o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("https://github.com/o/r.git", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("https://github.com/o/r.git/", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("https://github.com//o/r/.git", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("http://github.com/o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        (
            "HTTPS://GitHub.COM:443/Own/Repo",
            "github.com/Own/Repo",
            Some((GitHub, "https://github.com/Own/Repo")),
        ),
        ("https://me:s3cret@github.com/o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("https://a@b:c@github.com/o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("https://github.com./o/r?x=1#y", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("git@github.com:o/r.git", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("github.com:/o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("org-1234@github.com:o/r.js.git", "github.com/o/r.js", Some((GitHub, "https://github.com/o/r.js"))),
        ("ssh://git@ssh.github.com:443/o/r.git", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("[git@ssh.github.com:443]:o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("git@[github.com:22]:o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("git://github.com/o/r", "github.com/o/r", Some((GitHub, "https://github.com/o/r"))),
        ("https://github.acme.io/o/r", "github.acme.io/o/r", Some((GitHub, "https://github.acme.io/o/r"))),
        ("git@acme.ghe.com:o/r", "acme.ghe.com/o/r", Some((GitHub, "https://acme.ghe.com/o/r"))),
        ("git@gitlab.com:g/s/r.git", "gitlab.com/g/s/r", Some((GitLab, "https://gitlab.com/g/s/r"))),
        ("ssh://git@altssh.gitlab.com:443/g/r", "gitlab.com/g/r", Some((GitLab, "https://gitlab.com/g/r"))),
        (
            "ssh://git@gitlab.acme.io:2222/g/r",
            "gitlab.acme.io/g/r",
            Some((GitLab, "https://gitlab.acme.io/g/r")),
        ),
        (
            "https://oauth2:tok@gitlab.acme.io:8443/g/r.git",
            "gitlab.acme.io/g/r",
            Some((GitLab, "https://gitlab.acme.io:8443/g/r")),
        ),
        (
            "http://my-gitlab.lan:8080/g/r",
            "my-gitlab.lan/g/r",
            Some((GitLab, "http://my-gitlab.lan:8080/g/r")),
        ),
        ("https://github.com/o/r.wiki.git", "github.com/o/r.wiki", None),
        ("https://github.com/o", "github.com/o", None),
        ("https://github.com/o/r/tree/main", "github.com/o/r/tree/main", None),
        ("https://gist.github.com/0123abcd.git", "gist.github.com/0123abcd", None),
        ("git@github-work:o/r.git", "github-work/o/r", None),
        ("gitlab:g/r", "gitlab/g/r", None),
        ("https://codeberg.org/o/r.git", "codeberg.org/o/r", Some((Gitea, "https://codeberg.org/o/r"))),
        ("git@gitea.acme.io:o/r.git", "gitea.acme.io/o/r", Some((Gitea, "https://gitea.acme.io/o/r"))),
        ("https://git.acme.io/o/r", "git.acme.io/o/r", None),
        ("git@invent.kde.org:g/r.git", "invent.kde.org/g/r", Some((GitLab, "https://invent.kde.org/g/r"))),
        (
            "git@bitbucket.org:o/r.git",
            "bitbucket.org/o/r",
            Some((BitbucketCloud, "https://bitbucket.org/o/r")),
        ),
        (
            "ssh://git@altssh.bitbucket.org:443/o/r.git",
            "bitbucket.org/o/r",
            Some((BitbucketCloud, "https://bitbucket.org/o/r")),
        ),
        (
            "https://ada@bitbucket.acme.io/scm/q/ingest.git",
            "bitbucket.acme.io/q/ingest",
            Some((BitbucketServer, "https://bitbucket.acme.io/projects/q/repos/ingest")),
        ),
        (
            "https://git.acme.io/ctx/scm/Q/ingest.git",
            "git.acme.io/Q/ingest",
            Some((BitbucketServer, "https://git.acme.io/ctx/projects/Q/repos/ingest")),
        ),
        (
            "ssh://git@git.acme.io:7999/q/ingest.git",
            "git.acme.io/q/ingest",
            Some((BitbucketServer, "https://git.acme.io/projects/q/repos/ingest")),
        ),
        (
            "ssh://git@stash.acme.io:7999/~ada/ingest.git",
            "stash.acme.io/~ada/ingest",
            Some((BitbucketServer, "https://stash.acme.io/users/ada/repos/ingest")),
        ),
        (
            "http://git.acme.io:7990/scm/~ada/ingest.git",
            "git.acme.io/~ada/ingest",
            Some((BitbucketServer, "http://git.acme.io:7990/users/ada/repos/ingest")),
        ),
        (
            "https://x@dev.azure.com/org/p/_git/r",
            "dev.azure.com/org/p/r",
            Some((Azure, "https://dev.azure.com/org/p/_git/r")),
        ),
        (
            "git@ssh.dev.azure.com:v3/org/My%20Web/r",
            "dev.azure.com/org/My%20Web/r",
            Some((Azure, "https://dev.azure.com/org/My%20Web/_git/r")),
        ),
        (
            "org@vs-ssh.visualstudio.com:v3/org/p/r",
            "dev.azure.com/org/p/r",
            Some((Azure, "https://dev.azure.com/org/p/_git/r")),
        ),
        (
            "https://org.visualstudio.com/DefaultCollection/p/_git/r",
            "dev.azure.com/org/p/r",
            Some((Azure, "https://dev.azure.com/org/p/_git/r")),
        ),
        (
            "https://org.visualstudio.com/_git/r",
            "dev.azure.com/org/r/r",
            Some((Azure, "https://dev.azure.com/org/r/_git/r")),
        ),
        ("https://dev.azure.com/org/p", "dev.azure.com/org/p", None),
        (
            "https://go.googlesource.com/a/tools",
            "go.googlesource.com/tools",
            Some((Gerrit, "https://go-review.googlesource.com/c/tools")),
        ),
        (
            "ssh://ada@review.acme.io:29418/queue/ingest",
            "review.acme.io/queue/ingest",
            Some((Gerrit, "https://review.acme.io/c/queue/ingest")),
        ),
        (
            "https://gerrit.acme.io/a/queue",
            "gerrit.acme.io/queue",
            Some((Gerrit, "https://gerrit.acme.io/c/queue")),
        ),
        ("git@bitbucket:o/r", "bitbucket/o/r", None),
        ("https://[::1]:8080/o/r", "[::1]/o/r", None),
        ("ssh://git@10.0.0.7/~mina/r.git", "10.0.0.7/~mina/r", None),
        ("host:r", "host/r", None),
        ("/srv/git/r.git", "r", None),
        ("/srv/git/r/.git/", "r", None),
        ("../r", "r", None),
        ("/srv/r/.", "r", None),
        ("./a:b/r", "r", None),
        ("file:///srv/git/r.git", "r", None),
        ("C:\\Users\\mina\\r.git", "r", None),
        ("C:/Users/mina/r", "r", None),
        ("\\\\server\\share\\r", "r", None),
        ("s3://key:secret@bucket/r", "r", None),
    ];
    for (url, name, web) in cases {
        let repo = parse(url).unwrap_or_else(|| panic!("{url}"));
        assert_eq!(repo.name.raw(), *name, "{url}");
        assert_eq!(
            repo.web.as_ref().map(|web| (web.forge, web.base())),
            web.map(|(forge, base)| (forge, base.to_owned())),
            "{url}"
        );
    }
}

#[test]
fn hostile_urls_give_no_page_and_no_secret() {
    let cases = [
        "https://github.com\\@evil.example/s3cret/r",
        "https://s3cret\\x@github.com/o/r",
        "https://s3cret?x@github.com/o/r",
        "https://s3cret#x@github.com/o/r",
        "https://me:s3cret@/o/r",
        "https://me:s3cret@github.com:99999/o/r",
        "https://me:s3cret@gith\u{fc}b.com/o/r",
        "https://github.com/o/../../s3cret/r",
        "https://github.com/<script>s3cret/x\"onload=/r",
        "mina:s3cret@github.com:o/r",
        "ext::sh -c s3cret",
        "ext::sh -c https://github.com/s3cret",
        "ssh://-oProxyCommand=s3cret/o/r",
        "https://github.com/o/r\u{1b}[31ms3cret",
        "s3cret://me:s3cret@s3cret.example",
        "",
        "  ",
        "..",
        "/",
        "https://",
        "://",
        ":",
        "@",
        "[",
        "[]:",
    ];
    for url in cases {
        let Some(repo) = parse(url) else { continue };
        assert_eq!(repo.web, None, "{url}");
        let in_path = url.contains("script") || url.starts_with("s3cret:");
        assert!(in_path || !repo.name.raw().contains("s3cret"), "{url} -> {:?}", repo.name);
    }
}

#[test]
fn settings_say_what_a_host_is() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    for (host, name, value) in [
        ("git.acme.io", "kind", "Gitea"),
        ("github-work", "url", "https://github.com"),
        ("code.acme.io", "kind", "gitlab"),
        ("code.acme.io", "url", "https://code.acme.io:8443/scm/"),
        ("gitlab.acme.io", "kind", "none"),
        ("tfs.acme.io", "kind", "azure"),
        ("nowhere.acme.io", "url", "https://nowhere.acme.io"),
    ] {
        git.run(&["config", &format!("okr.forge.{host}.{name}"), value]);
    }
    let read = || ForgeSettings::read(&GitConfig::load(git.dir()).unwrap());
    let settings = read().unwrap();
    for (url, name, base) in [
        ("https://git.acme.io:3000/o/r.git", "git.acme.io/o/r", Some("https://git.acme.io:3000/o/r")),
        ("git@github-work:o/r.git", "github.com/o/r", Some("https://github.com/o/r")),
        ("git@code.acme.io:g/s/r.git", "code.acme.io/g/s/r", Some("https://code.acme.io:8443/scm/g/s/r")),
        ("https://code.acme.io/scm/g/r.git", "code.acme.io/g/r", Some("https://code.acme.io:8443/scm/g/r")),
        ("git@gitlab.acme.io:g/r.git", "gitlab.acme.io/g/r", None),
        (
            "https://tfs.acme.io/tfs/All/p/_git/r",
            "tfs.acme.io/tfs/All/p/r",
            Some("https://tfs.acme.io/tfs/All/p/_git/r"),
        ),
        ("https://nowhere.acme.io/o/r", "nowhere.acme.io/o/r", None),
    ] {
        let repo = remote_url::parse(url, &settings).unwrap();
        assert_eq!(repo.name.raw(), name, "{url}");
        assert_eq!(repo.web.map(|web| web.base()).as_deref(), base, "{url}");
    }
    git.run(&["config", "okr.forge.git.acme.io.kind", "sourceforge"]);
    assert!(
        read().unwrap_err().to_string().contains("'okr.forge.git.acme.io.kind' is no forge: 'sourceforge'")
    );
    git.run(&["config", "okr.forge.git.acme.io.kind", "gitea"]);
    git.run(&["config", "okr.forge.git.acme.io.url", "https://ada:secret@git.acme.io"]);
    assert!(read().unwrap_err().to_string().contains("is not the plain address of a site"));
}

#[test]
fn pages_are_where_each_forge_has_them() {
    for (url, review, issue, commit) in [
        ("git@github.com:o/r", "/pull/7", Some("https://github.com/o/r/issues/7"), "/commit/abc"),
        (
            "git@gitlab.com:g/s/r",
            "/-/merge_requests/7",
            Some("https://gitlab.com/g/s/r/-/issues/7"),
            "/-/commit/abc",
        ),
        (
            "git@bitbucket.org:o/r",
            "/pull-requests/7",
            Some("https://bitbucket.org/o/r/issues/7"),
            "/commits/abc",
        ),
        ("ssh://git@git.acme.io:7999/q/r", "/pull-requests/7", None, "/commits/abc"),
        (
            "git@ssh.dev.azure.com:v3/org/p/r",
            "/pullrequest/7",
            Some("https://dev.azure.com/org/p/_workitems/edit/7"),
            "/commit/abc",
        ),
        ("git@codeberg.org:o/r", "/pulls/7", Some("https://codeberg.org/o/r/issues/7"), "/commit/abc"),
    ] {
        let web = parse(url).unwrap().web.unwrap();
        assert_eq!(web.pull_request_url(7), format!("{}{review}", web.base()), "{url}");
        assert_eq!(web.issue_url(7).as_deref(), issue, "{url}");
        assert_eq!(web.commit_url("abc"), format!("{}{commit}", web.base()), "{url}");
        assert_eq!(web.change_url("I1"), None, "{url}");
    }
    let gerrit = parse("https://go.googlesource.com/tools").unwrap().web.unwrap();
    assert_eq!(gerrit.pull_request_url(7), "https://go-review.googlesource.com/c/tools/+/7");
    assert_eq!(gerrit.change_url("I1").unwrap(), "https://go-review.googlesource.com/q/I1");
    assert_eq!(gerrit.issue_url(7), None);
}

#[test]
fn another_repository_is_a_neighbour_where_messages_can_name_it() {
    for (url, expected) in [
        ("git@github.com:o/r", Some("https://github.com/acme/other/issues/7")),
        ("https://github.acme.io/o/r", Some("https://github.acme.io/acme/other/issues/7")),
        ("git@gitlab.com:g/s/r", Some("https://gitlab.com/acme/other/-/issues/7")),
        ("git@bitbucket.org:o/r", Some("https://bitbucket.org/acme/other/issues/7")),
        ("git@codeberg.org:o/r", Some("https://codeberg.org/acme/other/issues/7")),
        ("ssh://git@git.acme.io:7999/q/r", None),
        ("git@ssh.dev.azure.com:v3/org/p/r", None),
        ("https://go.googlesource.com/tools", None),
    ] {
        let web = parse(url).unwrap().web.unwrap();
        let issue = web.neighbour("acme/other").and_then(|web| web.issue_url(7));
        assert_eq!(issue.as_deref(), expected, "{url}");
    }
    let web = parse("git@github.com:o/r").unwrap().web.unwrap();
    for odd in ["other", "../other", "acme/..", "acme/", "/other", "a/b/c", "acme/o?x", ""] {
        assert_eq!(web.neighbour(odd), None, "{odd}");
    }
}
