//! Every shape of remote URL that was met, and those that somebody may try.

use crate::model::project::Forge::{self, GitHub, GitLab};
use crate::store::project::remote_url::parse;

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
        ("https://codeberg.org/o/r.git", "codeberg.org/o/r", None),
        ("https://x@dev.azure.com/org/p/_git/r", "dev.azure.com/org/p/_git/r", None),
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
        assert_eq!(repo.web.as_ref().map(|web| (web.forge, web.base.as_str())), *web, "{url}");
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
