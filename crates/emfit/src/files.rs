//! The files that the command writes: whole, or not at all.

use crate::failure::Failure;
use fit::{Classes, Mixture};
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where a file is going to be.
pub(crate) struct Target {
    path: PathBuf,
}

impl Target {
    /// A place that can be written to.
    pub fn new(path: &Path) -> Result<Self, Failure> {
        let target = Self { path: fs::canonicalize(path).unwrap_or_else(|_| path.into()) };
        target.try_out().map_err(|error| {
            Failure::input(path.display(), format!("cannot write: {error}"))
        })?;
        Ok(target)
    }

    /// Whether it is the same file.
    pub fn is(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| path == self.path)
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

    /// A file beside it, which goes if it is not kept.
    fn beside(&self) -> io::Result<NamedTempFile> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".emfit-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666)); // less what umask says
        }
        builder.tempfile_in(folder.unwrap_or(Path::new(".")))
    }

    /// Writes it: all of it, or nothing.
    pub fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.try_write(write).map_err(|error| Failure::writing(self.path.display(), &error))
    }

    fn try_write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.is_device() {
            let mut out = BufWriter::new(OpenOptions::new().write(true).open(&self.path)?);
            write(&mut out)?;
            return out.flush();
        }
        let mut out = BufWriter::with_capacity(1 << 16, self.beside()?);
        write(&mut out)?;
        out.into_inner()?.persist(&self.path)?;
        Ok(())
    }
}

/// Samples whose memberships are computed together.
const CHUNK: usize = 4096;

/// Each sample, and its membership in each component.
pub(crate) fn memberships(
    out: &mut dyn Write,
    data: &[f64],
    mixture: &Mixture,
) -> io::Result<()> {
    header(out, "x", mixture)?;
    for chunk in data.chunks(CHUNK) {
        let memberships = fit::memberships(chunk, mixture).map_err(io::Error::other)?;
        for (i, x) in chunk.iter().enumerate() {
            write!(out, "{x}")?;
            for row in memberships.components() {
                write!(out, ",{}", row[i])?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Each class, and its membership in each component. A class that is out of reach has NaN.
pub(crate) fn class_memberships(
    out: &mut dyn Write,
    classes: &Classes,
    mixture: &Mixture,
) -> io::Result<()> {
    header(out, "lower,upper,count", mixture)?;
    for class in classes.classes() {
        write!(out, "{},{},{}", class.lower, class.upper, class.count)?;
        let none = || vec![f64::NAN; mixture.components().len()];
        for membership in fit::class_memberships(class, mixture).unwrap_or_else(none) {
            write!(out, ",{membership}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn header(out: &mut dyn Write, first: &str, mixture: &Mixture) -> io::Result<()> {
    write!(out, "{first}")?;
    for k in 0..mixture.components().len() {
        write!(out, ",component_{k}")?;
    }
    writeln!(out)
}
