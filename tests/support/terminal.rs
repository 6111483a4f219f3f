//! A program on a terminal of its own: what it asks is waited for, and answered by keys.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::pty::{Winsize, openpty};

/// How long a program may take to ask; a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Terminal {
    child: Child,
    keys: File,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
    seen: usize,
}

impl Terminal {
    /// Starts `command` with all three streams on a terminal of 100 columns.
    pub(crate) fn start(mut command: Command) -> Self {
        let size = Winsize { ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).unwrap();
        let (master, slave) = (File::from(pty.master), File::from(pty.slave));
        command.env("TERM", "xterm").env("NO_COLOR", "1");
        command.stdin(slave.try_clone().unwrap()).stdout(slave.try_clone().unwrap()).stderr(slave);
        let child = command.spawn().unwrap();
        // The command holds the program's side of the terminal: it has to go, or the end is never seen.
        drop(command);
        let shown = Arc::new(Mutex::new(Vec::new()));
        let (mut screen, sink) = (master.try_clone().unwrap(), Arc::clone(&shown));
        let reader = std::thread::spawn(move || {
            let mut part = [0; 4096];
            // A terminal whose last program went away reads as an error.
            while let Ok(read @ 1..) = screen.read(&mut part) {
                sink.lock().unwrap().extend_from_slice(&part[..read]);
            }
        });
        Self { child, keys: master, shown, reader, seen: 0 }
    }

    /// Waits until `text` is shown, after what was waited for before.
    pub(crate) fn expect(&mut self, text: &str) -> &mut Self {
        self.expect_any(&[text]);
        self
    }

    /// Waits until one of `texts` is shown, after what was waited for before, and says which.
    pub(crate) fn expect_any(&mut self, texts: &[&str]) -> usize {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            let rest = shown.get(self.seen..).unwrap_or_default();
            let found = texts.iter().enumerate().filter_map(|(which, text)| Some((rest.find(text)?, which)));
            if let Some((at, which)) = found.min() {
                self.seen += at + texts[which].len();
                return which;
            }
            assert!(begun.elapsed() < PATIENCE, "{texts:?} was not shown, but:\n{shown}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Everything that was shown so far.
    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    /// Presses keys; enter is `\r`, ctrl-c `\x03`.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Presses ctrl-c until the program ends: one that is pressed before the terminal hands over single keys is eaten.
    pub(crate) fn interrupt(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < PATIENCE, "ctrl-c does not end it:\n{}", self.shown());
            // The program may be gone by now, and its terminal with it.
            let _ = self.keys.write_all(b"\x03");
            std::thread::sleep(Duration::from_millis(50));
        }
        self.end()
    }

    /// Takes the terminal away, as a closed window does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.end();
    }

    /// Waits for the end: how it ended, and everything that was shown.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        self.reader.join().unwrap();
        let shown = String::from_utf8_lossy(&self.shown.lock().unwrap()).replace("\r\n", "\n");
        (status, shown)
    }
}
