//! Whatever stood in the hook's place comes back byte by byte.

use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{OLD, install, put, state, uninstall};
use crate::store::sandbox::Sandbox;

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, ..Default::default() })]
    #[test]
    fn leaving_restores_every_byte(
        head in proptest::sample::select(vec!["", "#!/bin/sh", "#!/bin/sh\n", "#!/bin/bash\r\n", "#!/bin/zsh -f\n", "x"]),
        body in proptest::collection::vec(any::<u8>(), 0..60),
        end in proptest::sample::select(vec!["", "\n", "\r\n", "\n\n"]),
        empty in any::<bool>(),
        mode in proptest::sample::select(vec![0o755, 0o644, 0o700, 0o775]),
    ) {
        let sandbox = Sandbox::new();
        sandbox.git("").run(&["init", "--quiet", "code"]);
        let git = sandbox.git("code");
        let path = git.dir().join(".git/hooks/post-commit");
        let body = if empty { Vec::new() } else { body };
        let content = [head.as_bytes(), &body, end.as_bytes()].concat();
        put(&path, &content, mode);
        install(&git, OLD);
        install(&git, OLD);
        uninstall(&git);
        prop_assert_eq!(state(&path), Some((content, mode)));
    }
}
