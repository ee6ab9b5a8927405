//! What a file is, by its bytes: names, statuses and media types have all been seen to lie.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::{GzDecoder, MultiGzDecoder};
use memchr::memmem;

use super::page::{self, Refusal};
use crate::model::file_kind::FileKind;

/// So much of a file is looked at.
const LOOKED_AT: u64 = 64 * 1024;

/// The first bytes of gzip (RFC 1952, 2.3).
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Form {
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

/// What a file of this kind can be called at its end.
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

impl Form {
    /// What the file is, or why it is not what was asked for.
    pub(super) fn of(file: &mut (impl Read + Seek), kind: FileKind) -> io::Result<Result<Self, Refusal>> {
        let mut bytes = Vec::new();
        file.take(LOOKED_AT).read_to_end(&mut bytes)?;
        let gzip = bytes.starts_with(GZIP);
        if gzip {
            file.rewind()?;
            bytes.clear();
            // What comes before a fault tells as much; how much it would unpack to does not matter.
            let _ = GzDecoder::new(file).take(LOOKED_AT).read_to_end(&mut bytes);
        }
        let seen = content(&bytes, gzip).map(|content| Self { content, gzip });
        Ok(match seen {
            Some(form) if form.content == Content::Html && page::is_paper(&bytes) => {
                form.if_wanted(kind).ok_or_else(|| Refusal::other(form, kind))
            }
            Some(form) if form.content == Content::Html => Err(page::refusal(200, &bytes, kind)),
            Some(form) => form.if_wanted(kind).ok_or_else(|| Refusal::other(form, kind)),
            None => Err(Refusal::unknown(kind)),
        })
    }

    fn if_wanted(self, kind: FileKind) -> Option<Self> {
        let wanted = match kind {
            FileKind::Pdf => self.content == Content::Pdf && !self.gzip,
            FileKind::Tex => self.content != Content::Html || self.gzip,
            FileKind::Html => self.content == Content::Html && !self.gzip,
        };
        wanted.then_some(self)
    }

    /// Whether its first bytes are those of no text, whatever it is called.
    pub(super) fn is_no_text(self) -> bool {
        self.gzip || !matches!(self.content, Content::Html | Content::Tex)
    }

    /// `pdf`, `tar.gz`, `gz`; of TeX in gzip arXiv says only the latter.
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

    /// What it is, for a person.
    pub(super) fn name(self) -> String {
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

    /// Whether the file ends as such files end.
    pub(super) fn ends(self, file: &mut (impl Read + Seek)) -> io::Result<bool> {
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
            // An archive's last kilobyte is empty.
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
    // Inside gzip any text is what the authors gave; bare, a line of some server's has to be told from it.
    let is_text = !text.is_empty() && memchr::memchr(0, bytes).is_none();
    (is_text && (gzip || has_command(bytes))).then_some(Content::Tex)
}

/// Whether there is a TeX command: a backslash and a letter.
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

    fn form(bytes: &[u8], kind: FileKind) -> Result<String, String> {
        let form = Form::of(&mut Cursor::new(bytes), kind).unwrap();
        form.map(Form::extension).map_err(|refusal| refusal.to_string())
    }

    fn tar() -> Vec<u8> {
        let mut tar = vec![0; 2048];
        tar[..8].copy_from_slice(b"main.tex");
        tar[257..262].copy_from_slice(b"ustar");
        tar
    }

    #[test]
    fn a_source_is_called_by_what_it_is() {
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
            assert_eq!(form(&bytes, FileKind::Tex).as_deref(), Ok(extension));
            assert!(extensions(FileKind::Tex).contains(&extension), "{extension}");
        }
    }

    #[test]
    fn what_was_not_asked_for_is_refused() {
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
            assert!(form(bytes, kind).is_err(), "{bytes:?}");
        }
        assert!(form(&gz(b"%PDF-1.5\n"), FileKind::Pdf).is_err());
        assert!(form(&gz(b""), FileKind::Tex).is_err());
        let captcha = b"<html><head><title>arXiv reCAPTCHA</title></head></html>";
        assert!(form(&gz(captcha), FileKind::Tex).is_err());
        assert!(form(captcha, FileKind::Html).is_err());
    }

    #[test]
    fn a_pdf_may_begin_late_within_a_kilobyte() {
        let late = |at: usize| [vec![b' '; at], b"%PDF-1.4".to_vec()].concat();
        assert_eq!(form(&late(1000), FileKind::Pdf).as_deref(), Ok("pdf"));
        assert!(form(&late(1024), FileKind::Pdf).is_err());
    }

    #[test]
    fn the_end_tells_whether_a_file_is_whole() {
        let ends = |bytes: &[u8], kind| {
            let mut file = Cursor::new(bytes);
            let form = Form::of(&mut file, kind).unwrap().unwrap();
            file.set_position(0);
            form.ends(&mut file).unwrap()
        };
        assert!(ends(b"%PDF-1.4 ... %%EOF\n", FileKind::Pdf));
        assert!(!ends(b"%PDF-1.4 ... ", FileKind::Pdf));
        let packed = gz(&tar());
        assert!(ends(&packed, FileKind::Tex));
        assert!(!ends(&packed[..packed.len() - 3], FileKind::Tex));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_form_or_a_refusal(bytes: Vec<u8>, packed: bool) {
            let bytes = if packed { gz(&bytes) } else { bytes };
            for kind in [FileKind::Pdf, FileKind::Tex, FileKind::Html] {
                if let Ok(extension) = form(&bytes, kind) {
                    prop_assert!(extensions(kind).contains(&extension.as_str()));
                }
            }
        }
    }
}
