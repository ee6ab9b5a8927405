//! Detects the type of a file by its bytes: names, statuses and media types have all been wrong.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::{GzDecoder, MultiGzDecoder};
use memchr::memmem;

use super::refusal::{self, FileRefusal};
use crate::model::file_kind::FileKind;

/// Bytes of a file that are inspected. Every signature is in its first kilobyte; the title of a web page may come later.
const INSPECTED: u64 = 64 * 1024;

/// The first bytes of gzip (RFC 1952, 2.3).
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

/// The type of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FileType {
    content: Content,
    gzip: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Content {
    Pdf,
    Tar,
    PostScript,
    Dvi,
    Docx,
    Html,
    Tex,
}

/// The extensions that files of this kind can have.
pub(super) fn extensions(kind: FileKind) -> &'static [&'static str] {
    match kind {
        FileKind::Pdf => &["pdf"],
        FileKind::Tex => &[
            "tar.gz", "gz", "pdf", "ps.gz", "html.gz", "dvi.gz", "docx", "pdf.gz", "docx.gz", "tar", "tex",
            "ps", "dvi",
        ],
        FileKind::Html => &["html"],
    }
}

impl FileType {
    /// Detects the type of a file, or why it is not of the requested kind.
    pub(super) fn detect(
        file: &mut (impl Read + Seek),
        kind: FileKind,
    ) -> io::Result<Result<Self, FileRefusal>> {
        let mut bytes = Vec::new();
        file.take(INSPECTED).read_to_end(&mut bytes)?;
        let gzip = bytes.starts_with(GZIP);
        if gzip {
            file.rewind()?;
            bytes.clear();
            // The bytes before an error in the archive are enough; how large it would be unpacked does not matter.
            let _ = GzDecoder::new(file).take(INSPECTED).read_to_end(&mut bytes);
        }
        Ok(
            match content(&bytes, gzip).map(|content| Self { content, gzip }) {
                Some(found) if found.content == Content::Html && !refusal::is_paper(&bytes) => {
                    Err(refusal::of_page(200, &bytes, kind))
                }
                Some(found) if found.is_of(kind) => Ok(found),
                Some(found) => Err(FileRefusal::other_file(&found.description(), kind)),
                None => Err(FileRefusal::unknown_file(kind)),
            },
        )
    }

    fn is_of(self, kind: FileKind) -> bool {
        match kind {
            FileKind::Pdf => self.content == Content::Pdf && !self.gzip,
            FileKind::Tex => self.content != Content::Html || self.gzip,
            FileKind::Html => self.content == Content::Html && !self.gzip,
        }
    }

    /// Whether its signature is binary, whatever its media type says.
    pub(super) fn is_binary(self) -> bool {
        self.gzip || !matches!(self.content, Content::Html | Content::Tex)
    }

    /// Returns `pdf`, `tar.gz`, `gz`; the last one is arXiv's own for a gzipped TeX file.
    pub(super) fn extension(self) -> String {
        let content = match self.content {
            Content::Pdf => "pdf",
            Content::Tar => "tar",
            Content::PostScript => "ps",
            Content::Dvi => "dvi",
            Content::Docx => "docx",
            Content::Html => "html",
            Content::Tex if self.gzip => return "gz".to_owned(),
            Content::Tex => "tex",
        };
        let gzip = if self.gzip { ".gz" } else { "" };
        format!("{content}{gzip}")
    }

    /// Returns the type in words.
    fn description(self) -> String {
        let content = match self.content {
            Content::Pdf => "a PDF",
            Content::Tar => "a tar archive",
            Content::PostScript => "PostScript",
            Content::Dvi => "a DVI file",
            Content::Docx => "a Word document",
            Content::Html => "a web page",
            Content::Tex => "TeX",
        };
        let gzip = if self.gzip { " in gzip" } else { "" };
        format!("{content}{gzip}")
    }

    /// Whether the file has the end that files of its type have.
    pub(super) fn has_end(self, file: &mut (impl Read + Seek)) -> io::Result<bool> {
        if self.gzip {
            return Ok(io::copy(&mut MultiGzDecoder::new(file), &mut io::sink()).is_ok());
        }
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(1024)))?;
        let mut end = Vec::new();
        file.take(1024).read_to_end(&mut end)?;
        Ok(match self.content {
            Content::Pdf => memmem::find(&end, b"%%EOF").is_some(),
            Content::Html => memmem::find(&end.to_ascii_lowercase(), b"</html>").is_some(),
            // A tar archive ends with a kilobyte of zeros.
            Content::Tar => end.iter().all(|byte| *byte == 0),
            Content::PostScript | Content::Dvi | Content::Docx | Content::Tex => false,
        })
    }
}

fn content(bytes: &[u8], gzip: bool) -> Option<Content> {
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let first = bytes.get(..1024).unwrap_or(bytes);
    if text.starts_with(b"<") {
        return Some(Content::Html);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Content::Tar);
    }
    if bytes.starts_with(b"%!PS") || bytes.starts_with(b"\x04%!PS") {
        return Some(Content::PostScript);
    }
    if memmem::find(first, b"%PDF-").is_some() {
        return Some(Content::Pdf);
    }
    if bytes.starts_with(&[0xf7, 2]) {
        return Some(Content::Dvi);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Content::Docx);
    }
    // In gzip any text is the authors' source; without it, a text may be a server's message and needs a TeX command.
    let is_text = !text.is_empty() && memchr::memchr(0, bytes).is_none();
    (is_text && (gzip || has_command(bytes))).then_some(Content::Tex)
}

/// Whether there is a TeX command, a backslash and a letter.
fn has_command(bytes: &[u8]) -> bool {
    bytes
        .windows(2)
        .any(|two| matches!(two, [b'\\', letter] if letter.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn detect(bytes: &[u8], kind: FileKind) -> Result<String, String> {
        let found = FileType::detect(&mut Cursor::new(bytes), kind).unwrap();
        found
            .map(FileType::extension)
            .map_err(|refusal| refusal.to_string())
    }

    fn tar() -> Vec<u8> {
        let mut tar = vec![0; 2048];
        tar[..8].copy_from_slice(b"main.tex");
        tar[257..262].copy_from_slice(b"ustar");
        tar
    }

    #[test]
    fn the_extension_of_a_source_follows_its_type() {
        let html = b"<!DOCTYPE html>\n<html><head><title>On Things</title></head></html>";
        for (bytes, extension) in [
            (gz(&tar()), "tar.gz"),
            (gz(b"% my paper\n\\documentclass{article}"), "gz"),
            (gz(b"plain words, as of 1992"), "gz"),
            (gz(b"%!PS-Adobe-2.0\n"), "ps.gz"),
            (gz(b"\xf7\x02\x01\x83"), "dvi.gz"),
            (gz(html), "html.gz"),
            (b"%PDF-1.5\n...".to_vec(), "pdf"),
            (b"PK\x03\x04....".to_vec(), "docx"),
            (tar(), "tar"),
            (b"\\input amstex".to_vec(), "tex"),
        ] {
            assert_eq!(detect(&bytes, FileKind::Tex).as_deref(), Ok(extension));
            assert!(extensions(FileKind::Tex).contains(&extension), "{extension}");
        }
    }

    #[test]
    fn files_of_another_kind_are_refused() {
        for (bytes, kind) in [
            (&b""[..], FileKind::Pdf),
            (b"Rate exceeded.", FileKind::Pdf),
            (b"Rate exceeded.", FileKind::Tex),
            (b"<html><title>%PDF-1.5</title>", FileKind::Pdf),
            (b"<html><title>x</title>", FileKind::Tex),
            (b"\x1f\x8b\x08", FileKind::Tex),
            (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xff\xff\xff", FileKind::Tex),
            (b"%PDF-1.5", FileKind::Html),
            (b"binary\0\\x", FileKind::Tex),
        ] {
            assert!(detect(bytes, kind).is_err(), "{bytes:?}");
        }
        assert!(detect(&gz(b"%PDF-1.5\n"), FileKind::Pdf).is_err());
        assert!(detect(&gz(b""), FileKind::Tex).is_err());
        let captcha = b"<html><head><title>arXiv reCAPTCHA</title></head></html>";
        assert!(detect(&gz(captcha), FileKind::Tex).is_err());
        assert!(detect(captcha, FileKind::Html).is_err());
    }

    #[test]
    fn the_signature_of_a_pdf_may_be_anywhere_in_its_first_kilobyte() {
        let late = |at: usize| [vec![b' '; at], b"%PDF-1.4".to_vec()].concat();
        assert_eq!(detect(&late(1000), FileKind::Pdf).as_deref(), Ok("pdf"));
        assert!(detect(&late(1024), FileKind::Pdf).is_err());
    }

    #[test]
    fn the_end_tells_whether_a_file_is_complete() {
        let ends = |bytes: &[u8], kind| {
            let mut file = Cursor::new(bytes);
            let found = FileType::detect(&mut file, kind).unwrap().unwrap();
            file.set_position(0);
            found.has_end(&mut file).unwrap()
        };
        assert!(ends(b"%PDF-1.4 ... %%EOF\n", FileKind::Pdf));
        assert!(!ends(b"%PDF-1.4 ... ", FileKind::Pdf));
        let packed = gz(&tar());
        assert!(ends(&packed, FileKind::Tex));
        assert!(!ends(&packed[..packed.len() - 3], FileKind::Tex));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_file_type_or_a_refusal(bytes: Vec<u8>, packed: bool) {
            let bytes = if packed { gz(&bytes) } else { bytes };
            for kind in [FileKind::Pdf, FileKind::Tex, FileKind::Html] {
                if let Ok(extension) = detect(&bytes, kind) {
                    prop_assert!(extensions(kind).contains(&extension.as_str()));
                }
            }
        }
    }
}
