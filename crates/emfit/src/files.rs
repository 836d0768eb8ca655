//! The files that the command writes: whole, or not at all.

use crate::failure::Failure;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process;

/// The files of a run. None is written that is read, or written for something else, whatever its
/// names.
pub(crate) struct Files(Vec<(Identity, &'static str)>);

/// What tells a file from all others.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// Where there are several names for one file: the device, and the place on it.
    #[cfg(unix)]
    Place(u64, u64),
    /// A file that is yet to be, or one on a system without places.
    Path(PathBuf),
}

impl Files {
    /// These are read, each with what it is for; - is standard input.
    ///
    /// # Errors
    ///
    /// Standard output goes into one of them.
    pub fn reading<'a>(
        inputs: impl IntoIterator<Item = (&'a Path, &'static str)>,
    ) -> Result<Self, Failure> {
        let identity = |path: &Path| match path.as_os_str() == "-" {
            true => of_stream(stdin()),
            false => Identity::of(path),
        };
        let inputs = inputs.into_iter();
        let known = inputs.filter_map(|(path, what)| Some((identity(path)?, what)));
        let mut files = Self(known.collect());
        if let Some(output) = of_stream(stdout()) {
            files.check(&output, "standard output")?;
            files.0.push((output, "standard output"));
        }
        Ok(files)
    }

    /// A file that can be written, and is none of the others.
    ///
    /// # Errors
    ///
    /// It cannot be written; it is one of the others.
    pub fn writing(&mut self, path: &Path, what: &'static str) -> Result<Target, Failure> {
        let identity = Identity::of(path);
        if let Some(identity) = &identity {
            self.check(identity, &path.display().to_string())?;
        }
        let target = Target::new(path)?;
        self.0.extend(identity.map(|identity| (identity, what)));
        Ok(target)
    }

    fn check(&self, identity: &Identity, place: &str) -> Result<(), Failure> {
        match self.0.iter().find(|(other, _)| other == identity) {
            Some((_, what)) => Err(Failure::input(place, format!("it is {what}"))),
            None => Ok(()),
        }
    }
}

impl Identity {
    /// That of a file, or of one that would be made here. Devices and pipes may be shared.
    fn of(path: &Path) -> Option<Self> {
        if let Ok(data) = fs::metadata(path) {
            let known = || {
                Self::known(&data).or_else(|| fs::canonicalize(path).ok().map(Self::Path))
            };
            return data.is_file().then(known).flatten();
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(Self::Path(folder.join(path.file_name()?)))
    }

    #[cfg(unix)]
    fn known(data: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self::Place(data.dev(), data.ino()))
    }

    #[cfg(not(unix))]
    fn known(_: &Metadata) -> Option<Self> {
        None
    }
}

/// The file behind a stream, if a shell has put one there.
#[cfg(unix)]
fn of_stream(stream: impl std::os::fd::AsFd) -> Option<Identity> {
    let file = fs::File::from(stream.as_fd().try_clone_to_owned().ok()?);
    let data = file.metadata().ok()?;
    data.is_file().then(|| Identity::known(&data)).flatten()
}

#[cfg(not(unix))]
fn of_stream<T>(_: T) -> Option<Identity> {
    None
}

/// Where a file is going to be.
pub(crate) struct Target {
    path: PathBuf,
}

impl Target {
    /// A place that can be written to.
    fn new(path: &Path) -> Result<Self, Failure> {
        let target = Self { path: fs::canonicalize(path).unwrap_or_else(|_| path.into()) };
        target.try_out().map_err(|error| Failure::writing(path.display(), &error))?;
        Ok(target)
    }

    fn try_out(&self) -> io::Result<()> {
        if self.path.file_name().is_none() || self.path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if self.path.exists() {
            OpenOptions::new().append(true).open(&self.path)?;
        }
        if self.is_device() { Ok(()) } else { self.beside().map(drop) }
    }

    /// Not a file that could be replaced, but a pipe, a terminal or a device.
    fn is_device(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|data| !data.is_file())
    }

    fn beside(&self) -> io::Result<Beside> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // The name that the file would have had tells nobody anything.
        Beside::new(folder).map_err(|error| match folder.is_dir() {
            true => error.kind().into(),
            false => io::Error::other("there is no such folder"),
        })
    }

    /// Writes it: all of it, or nothing.
    pub fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::writing(self.path.display(), &error);
        if self.is_device() {
            let file = OpenOptions::new().write(true).open(&self.path).map_err(failed)?;
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            return out.flush().map_err(failed);
        }
        let beside = self.beside().map_err(failed)?;
        let mut out = BufWriter::with_capacity(1 << 16, &beside.file);
        write(&mut out)?;
        out.flush().map_err(failed)?;
        drop(out);
        beside.keep(&self.path).map_err(failed)
    }

    /// Writes something that does not fail for another reason.
    pub fn write_all(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.write(|out| {
            write(out).map_err(|error| Failure::writing(self.path.display(), &error))
        })
    }
}

/// A new file, which goes when this is dropped, unless it is kept.
struct Beside {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Beside {
    fn new(folder: &Path) -> io::Result<Self> {
        let mut taken = 0;
        loop {
            let path = folder.join(format!(".emfit-{}-{taken}", process::id()));
            match File::create_new(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken += 1,
                file => return file.map(|file| Self { path, file, kept: false }),
            }
        }
    }

    /// By another name; its own may be somebody else's from then on.
    fn keep(mut self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path); // the error that led here says more
        }
    }
}
