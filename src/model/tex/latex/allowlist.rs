//! The commands that the generated LaTeX may contain. All others are printed as text.

use super::super::{commands, symbols};

/// Font commands with an argument, outside math.
pub(super) fn is_text_font(name: &str) -> bool {
    matches!(
        name,
        "emph"
            | "textit"
            | "textbf"
            | "texttt"
            | "textsc"
            | "textsf"
            | "textsl"
            | "textup"
            | "textrm"
            | "textnormal"
            | "textmd"
            | "mbox"
            | "underline"
            | "textsuperscript"
            | "textsubscript"
    )
}

/// Symbols that LaTeX sets outside of math.
pub(super) fn is_text_symbol(name: &str) -> bool {
    let known = symbols::symbol(name).is_some();
    let texts = ["text", "quote", "guil"]
        .iter()
        .any(|start| name.starts_with(start));
    (known && texts)
        || matches!(
            name,
            "LaTeX"
                | "TeX"
                | "LaTeXe"
                | "dots"
                | "ldots"
                | "S"
                | "P"
                | "copyright"
                | "pounds"
                | "dag"
                | "ddag"
                | "IJ"
                | "ij"
                | "SS"
        )
}

/// Commands that are allowed in math.
pub(super) fn is_math_command(name: &str) -> bool {
    let refused = [
        "DeclareMathOperator",
        "url",
        "path",
        "makebox",
        "fbox",
        "uppercase",
        "lowercase",
        "noindent",
        "centering",
        "relax",
        "protect",
        "null",
        "nonumber",
    ];
    if refused.contains(&name) {
        return false;
    }
    symbols::symbol(name).is_some()
        || commands::wraps(name).is_some()
        || commands::is_function(name)
        || commands::is_switch(name)
        || commands::is_size(name)
        || matches!(
            name,
            "frac"
                | "dfrac"
                | "tfrac"
                | "binom"
                | "stackrel"
                | "overset"
                | "underset"
                | "not"
                | "over"
                | "choose"
                | "overbrace"
                | "underbrace"
                | "overrightarrow"
                | "overleftarrow"
                | "pmod"
                | "xrightarrow"
                | "xleftarrow"
                | "quad"
                | "qquad"
                | "substack"
                | "widebar"
                | "slashed"
        )
}

/// A command that prints a brace and is balanced as BibTeX counts.
pub(super) fn brace(brace: char, math: bool) -> &'static str {
    match (brace, math) {
        ('{', false) => "\\textbraceleft{}",
        ('{', true) => "\\lbrace{}",
        (_, false) => "\\textbraceright{}",
        (_, true) => "\\rbrace{}",
    }
}
