//! Files and stdin that are read whole, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::error::Error;

/// No input that is read whole is larger: 64 MiB. A bibliography of a million entries has that size.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a file.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let read = || {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        read_whole(file)
    };
    read().map_err(|error: io::Error| Error::file("read", path, &error))
}

/// Reads stdin.
pub fn read_stdin() -> Result<Vec<u8>, Error> {
    read_whole(io::stdin().lock()).map_err(|error| Error::file("read", Path::new("stdin"), &error))
}

/// Unpacks gzip (RFC 1952), and returns all else as it is.
pub fn unpack(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if bytes.starts_with(&[0x1f, 0x8b, 8]) {
        read_whole(MultiGzDecoder::new(bytes.as_slice()))
    } else {
        Ok(bytes)
    }
}

fn read_whole(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 64 MiB",
        ));
    }
    Ok(bytes)
}
