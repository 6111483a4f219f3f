//! Real remotes: `git daemon`, smart HTTP and an ssh server, each on this machine.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Machines, tip};
use crate::support::{Http, Output, PROGRAM, Sandbox};

/// A server that ends with its test.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts a server on a free port, and waits until it listens.
    fn start(command: impl Fn(u16) -> Command) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = command(port).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "the server ended");
            assert!(begun.elapsed() < Duration::from_secs(20), "the server does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { child, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs git-okr where a network may be used.
fn online<const N: usize>(machine: &Sandbox, args: [&str; N], env: &[(&str, &str)]) -> Output {
    let mut command = machine.command(PROGRAM, &machine.path("work"));
    command.args(args).env("GIT_ALLOW_PROTOCOL", "git:http:ssh").envs(env.iter().copied());
    machine.run(&mut command)
}

/// There and back again: an empty remote, a second machine, and records of both.
fn round_trip(machines: &Machines, url: &str, env: &[(&str, &str)]) {
    let Machines { here, there } = machines;
    here.okr(["add", "Before"]).success();
    online(here, ["remote", "add", "hub", url], env).success();
    online(here, ["sync"], env).success();
    online(there, ["init", "--from", url], env).success();
    assert_eq!(tip(here), tip(there));
    for number in 0..30 {
        there.okr(["add", &format!("There {number}")]).success();
    }
    here.okr(["add", "Here"]).success();
    online(there, ["sync"], env).success();
    let told = online(here, ["sync"], env).success();
    assert!(
        told.contains("came from 'hub': 30 evidence") && told.contains("went to 'hub': 1 evidence"),
        "{told}"
    );
    online(there, ["sync"], env).success();
    assert_eq!(tip(here), tip(there));
    assert!(online(there, ["sync", "-n"], env).success().contains("nothing new here or at 'origin'"));
    assert_eq!(here.git_journal(["fsck", "--strict"]), "");
}

/// A program that git brings with it, where it does.
fn of_git(name: &str) -> Option<PathBuf> {
    let path = Command::new("git").arg("--exec-path").output().unwrap().stdout;
    let path = PathBuf::from(String::from_utf8(path).unwrap().trim()).join(name);
    path.exists().then_some(path)
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped(what: &str) {
    eprintln!("skipped: {what} is not on this machine");
}

#[test]
fn by_git_daemon() {
    let Some(daemon) = of_git("git-daemon") else { return skipped("git daemon") };
    let machines = Machines::new();
    let hub = PathBuf::from(machines.hub("hub.git"));
    let server = Server::start(|port| {
        let mut command = Command::new(&daemon);
        command.args(["--export-all", "--enable=receive-pack", "--listen=127.0.0.1", "--reuseaddr"]);
        command.arg(format!("--port={port}")).arg(format!("--base-path={}", hub.parent().unwrap().display()));
        command.stderr(Stdio::null());
        command
    });
    let url = format!("git://127.0.0.1:{}/hub.git", server.port);
    round_trip(&machines, &url, &[]);

    machines.here.okr(["add", "While it is away"]).success();
    drop(server);
    let told = online(&machines.here, ["sync"], &[]).fails(1);
    assert!(told.contains(&format!("error: cannot reach 'hub' at '{url}'")), "{told}");
    assert!(machines.here.okr(["list"]).success().contains("While it is away"));
}

/// `mina:secret`.
const SECRET: &str = "Basic bWluYTpzZWNyZXQ=";

fn knows_the_password(machine: &Sandbox) {
    let helper = "!f() { test \"$1\" = get && echo username=mina && echo password=secret; }; f";
    machine.git_in(&machine.path("work"), &["config", "--global", "credential.helper", helper]);
}

#[test]
fn by_smart_http_with_a_password() {
    let Some(_) = of_git("git-http-backend") else { return skipped("git http-backend") };
    let machines = Machines::new();
    let hub = PathBuf::from(machines.hub("hub.git"));
    let server = Http::serve(hub.parent().unwrap(), Some(SECRET));
    for machine in [&machines.here, &machines.there] {
        knows_the_password(machine);
    }
    round_trip(&machines, &server.url("hub.git"), &[]);
    let config = fs::read_to_string(machines.here.journal().join("config")).unwrap();
    assert!(!config.contains("secret"), "no password is kept: {config}");
}

#[test]
fn by_smart_http_without_the_password() {
    let Some(_) = of_git("git-http-backend") else { return skipped("git http-backend") };
    let machines = Machines::new();
    let hub = PathBuf::from(machines.hub("hub.git"));
    let server = Http::serve(hub.parent().unwrap(), Some(SECRET));
    let url = server.url("hub.git");
    let told = online(&machines.here, ["remote", "add", "hub", &url], &[]).fails(1);
    assert!(told.contains("does not answer, so nobody can tell whether it asks for credentials"), "{told}");
    assert!(told.contains("caused by: fatal: could not read Username"), "{told}");
    knows_the_password(&machines.here);
    online(&machines.here, ["remote", "add", "hub", &url], &[]).success();
    fs::write(
        machines.here.path("home/.gitconfig"),
        "[user]\n\tname = Mina\n\temail = m@example.com\n[okr]\n\tjournal = ".to_owned()
            + &machines.here.journal().display().to_string()
            + "\n",
    )
    .unwrap();
    let before = tip(&machines.here);
    let told = online(&machines.here, ["sync"], &[]).fails(1);
    assert!(told.contains("error: cannot reach 'hub'") && told.contains("could not read Username"), "{told}");
    assert_eq!(before, tip(&machines.here));
}

#[test]
fn what_answers_without_credentials_is_refused_whatever_the_person_has() {
    let Some(_) = of_git("git-http-backend") else { return skipped("git http-backend") };
    let machines = Machines::new();
    let hub = PathBuf::from(machines.hub("hub.git"));
    let open = Http::serve(hub.parent().unwrap(), None);
    knows_the_password(&machines.here);
    let told = online(&machines.here, ["remote", "add", "hub", &open.url("hub.git")], &[]).fails(1);
    assert!(told.contains("answers without credentials: everybody who can reach it"), "{told}");
    online(&machines.there, ["init", "--from", &open.url("hub.git")], &[]).fails(1);
    assert!(!machines.there.journal().exists());

    // A header and a .netrc are credentials: a server that wants them is not open.
    let closed = Http::serve(hub.parent().unwrap(), Some(SECRET));
    let machine = Sandbox::with_journal();
    let header = format!("Authorization: {SECRET}");
    machine.git_in(&machine.path("work"), &["config", "--global", "http.extraHeader", &header]);
    online(&machine, ["remote", "add", "header", &closed.url("hub.git")], &[]).success();
    machine.git_in(&machine.path("work"), &["config", "--global", "--unset", "http.extraHeader"]);
    fs::write(machine.path("home/.netrc"), "machine 127.0.0.1 login mina password secret\n").unwrap();
    online(&machine, ["remote", "add", "netrc", &closed.url("hub.git")], &[]).success();
}

/// A server that has the sandbox's key, and the command that reaches it.
fn sshd(sandbox: &Sandbox, sshd: &Path) -> (Server, String) {
    let dir = sandbox.path("bin/ssh.d");
    fs::create_dir(&dir).unwrap();
    let path = |name: &str| dir.join(name).display().to_string();
    for key in ["host", "user"] {
        sandbox.sh(&dir, &format!("ssh-keygen -q -t ed25519 -N '' -f {key}")).success();
    }
    fs::copy(dir.join("user.pub"), dir.join("authorized")).unwrap();
    // A server that runs as root wants a directory of nobody else's.
    let _ = fs::create_dir_all("/run/sshd");
    let server = Server::start(|port| {
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nLogLevel QUIET\n",
            path("host"),
            path("authorized")
        );
        fs::write(dir.join("config"), settings).unwrap();
        let mut command = Command::new(sshd);
        command.args(["-D", "-f", &path("config")]);
        command
    });
    let known = fs::read_to_string(dir.join("host.pub")).unwrap();
    fs::write(dir.join("known"), format!("[127.0.0.1]:{} {known}", server.port)).unwrap();
    let ssh = format!(
        "ssh -F /dev/null -i {} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile={}",
        path("user"),
        path("known")
    );
    (server, ssh)
}

#[test]
fn by_ssh() {
    let program = Path::new("/usr/sbin/sshd");
    if !program.exists() {
        return skipped("sshd");
    }
    let machines = Machines::new();
    let hub = machines.hub("hub.git");
    let (server, ssh) = sshd(&machines.here, program);
    let url = format!("ssh://127.0.0.1:{}{hub}", server.port);
    // One connection for all, whose master stays behind and holds git's streams.
    let master = machines.here.path("bin/master");
    let shared =
        format!("{ssh} -o ControlMaster=auto -o ControlPersist=20 -o ControlPath={}", master.display());
    round_trip(&machines, &url, &[("GIT_SSH_COMMAND", &shared)]);
    let stop = format!("{shared} -O exit -p {} 127.0.0.1", server.port);
    machines.here.sh(&machines.here.path("work"), &stop).success();

    machines.here.okr(["add", "Not without a key"]).success();
    let none = ssh.replace("bin/ssh.d/user ", "bin/ssh.d/none ");
    assert_ne!(ssh, none);
    let told = online(&machines.here, ["sync"], &[("GIT_SSH_COMMAND", &none)]).fails(1);
    assert!(told.contains("error: cannot reach 'hub'") && told.contains("Permission denied"), "{told}");
    online(&machines.here, ["sync"], &[("GIT_SSH_COMMAND", &ssh)]).success();
}
