//! Runs a program that nobody trusts.
//!
//! On Linux it may read the system's libraries and write into one folder, nothing else; it has no
//! network, two gigabytes, a processor for as long as it is told, and cannot signal others. What the
//! kernel cannot do is left out, and said. Elsewhere there are the limits of time and output only.

use anyhow::{Context, Result};
use check_my_work::{Limits, Ran, run};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// How a program is kept in.
pub struct Sandbox {
    /// Where it may write.
    pub scratch: PathBuf,
    /// How long it may have a processor, and how loud it may be.
    pub limits: Limits,
}

/// How many times its processor's time a program may take by the clock: others may have the machine, too.
/// Where no limit of the system counts that time, the clock decides alone.
const PATIENCE: u32 = if cfg!(target_os = "linux") { 6 } else { 1 };

/// What [`enter`] is called with, by a program that starts itself again.
pub const ENTER: &str = "--enter-sandbox";

impl Sandbox {
    /// Runs a program. It reads `key`, all of it, and no other variables than these.
    pub fn run(
        &self,
        program: &Path,
        arguments: &[&str],
        variable: (&str, &str),
        key: &Path,
    ) -> Result<Ran> {
        let own = std::env::current_exe()?;
        let mut command = match *NO_NETWORK {
            true => {
                let mut command = Command::new("unshare");
                command.args(UNSHARE).arg(own);
                command
            }
            false => Command::new(own),
        };
        command.arg(ENTER).arg(&self.scratch).arg(self.limits.time.as_secs().to_string());
        command.arg(program).args(arguments).current_dir(&self.scratch);
        command.env_clear().env("RUST_BACKTRACE", "0").env(variable.0, variable.1);
        crate::build::own_group(&mut command);
        let input = Stdio::from(std::fs::File::open(key)?);
        let limits = Limits { time: self.limits.time * PATIENCE, ..self.limits };
        run(&mut command, input, &limits, crate::build::stop).context("the sandbox")
    }
}

/// What guards here, in words.
pub fn guards() -> String {
    linux::guards(*NO_NETWORK)
}

/// A program of util-linux that starts another in a world without a network.
const UNSHARE: [&str; 4] = ["--user", "--map-current-user", "--net", "--"];

/// Whether it is there and may.
static NO_NETWORK: LazyLock<bool> = LazyLock::new(|| {
    let tried = Command::new("unshare").args(UNSHARE).arg("true").output();
    cfg!(target_os = "linux") && tried.is_ok_and(|tried| tried.status.success())
});

/// Shuts this process in and becomes the program: `SCRATCH SECONDS PROGRAM ARGUMENTS...`.
pub fn enter(arguments: &[String]) -> Result<()> {
    let [scratch, seconds, program, rest @ ..] = arguments else {
        anyhow::bail!("{ENTER} SCRATCH SECONDS PROGRAM ARGUMENTS...")
    };
    linux::shut(Path::new(scratch), Path::new(program), seconds.parse()?)?;
    let mut command = Command::new(program);
    command.args(rest);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(command.exec()).with_context(|| program.clone())
    }
    #[cfg(not(unix))]
    {
        let code = command.status()?.code().unwrap_or(1);
        std::process::exit(code)
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use anyhow::Result;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr,
        RulesetStatus, Scope, path_beneath_rules,
    };
    use rustix::process::{Resource, Rlimit, setrlimit};
    use std::path::Path;

    /// The newest that we know; an older kernel does what it can.
    const ABI: ABI = landlock::ABI::V6;

    pub fn shut(scratch: &Path, program: &Path, seconds: u64) -> Result<()> {
        let most = |most| Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(Resource::As, most(2 << 30))?;
        setrlimit(Resource::Fsize, most(16 << 20))?;
        setrlimit(Resource::Core, most(0))?;
        let told = Rlimit { current: Some(seconds), maximum: Some(seconds + 1) };
        setrlimit(Resource::Cpu, told)?;
        fence(scratch, program)?;
        Ok(())
    }

    fn fence(scratch: &Path, program: &Path) -> Result<RulesetStatus> {
        let libraries =
            ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/proc/self"];
        let status = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI))?
            .handle_access(AccessNet::from_all(ABI))?
            .scope(Scope::from_all(ABI))?
            .create()?
            .add_rules(path_beneath_rules(libraries, AccessFs::from_read(ABI)))?
            .add_rules(path_beneath_rules([program], AccessFs::from_read(ABI)))?
            .add_rules(path_beneath_rules([scratch], AccessFs::from_all(ABI)))?
            .restrict_self()?;
        Ok(status.ruleset)
    }

    pub fn guards(no_network: bool) -> String {
        // In a thread of its own, which is what is shut in.
        let nowhere = Path::new("/nowhere");
        let tried = std::thread::spawn(|| fence(nowhere, nowhere).ok());
        let files = match tried.join().ok().flatten() {
            Some(RulesetStatus::FullyEnforced) => {
                "files outside the scratch folder cannot be written, and of them only the system's libraries read"
            }
            Some(RulesetStatus::PartiallyEnforced) => {
                "files outside the scratch folder are guarded as far as this kernel can (an old Landlock)"
            }
            _ => "FILES ARE NOT GUARDED: this kernel has no Landlock",
        };
        let network = if no_network {
            "no network"
        } else {
            "no connections by TCP where Landlock knows them; other networks are not guarded"
        };
        format!(
            "{files}; {network}; 2 GiB of memory, 16 MiB a file; time and output are limited"
        )
    }
}

#[cfg(not(target_os = "linux"))]
mod linux {
    use anyhow::Result;
    use std::path::Path;

    pub fn shut(_scratch: &Path, _program: &Path, _seconds: u64) -> Result<()> {
        Ok(())
    }

    pub fn guards(_no_network: bool) -> String {
        "time and output are limited; FILES AND NETWORK ARE NOT GUARDED on this system: grade in a container".to_owned()
    }
}
