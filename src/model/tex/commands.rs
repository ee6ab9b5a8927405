//! Commands with an effect: those that wrap an argument, name a function or set a font.
//!
//! Those that stand for characters are in `symbols`.

/// Names of functions, printed as they are: `\log n`.
pub(super) fn is_function(name: &str) -> bool {
    matches!(
        name,
        "arccos"
            | "arcsin"
            | "arctan"
            | "arg"
            | "cos"
            | "cosh"
            | "cot"
            | "coth"
            | "csc"
            | "deg"
            | "det"
            | "dim"
            | "exp"
            | "gcd"
            | "hom"
            | "inf"
            | "ker"
            | "lg"
            | "lim"
            | "liminf"
            | "limsup"
            | "ln"
            | "log"
            | "max"
            | "min"
            | "mod"
            | "bmod"
            | "Pr"
            | "sec"
            | "sin"
            | "sinh"
            | "sup"
            | "tan"
            | "tanh"
    )
}

/// The effect of a command on its argument.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wraps {
    /// A font; the mode does not change.
    Font,
    /// Words within math: `\text`, `\mbox`.
    Words,
    /// `\mathbb`: ℝ.
    DoubleStruck,
    /// A name of a function: `\operatorname`.
    Function,
    /// An accent over a letter of math: `\bar`.
    Accent(char),
    /// `\sqrt`.
    Root,
    /// `\textsuperscript`.
    Raised,
    /// `\textsubscript`.
    Lowered,
}

/// Commands with one argument.
pub(super) fn wraps(name: &str) -> Option<Wraps> {
    Some(match name {
        "mathrm" | "mathit" | "mathbf" | "mathsf" | "mathtt" | "mathcal" | "mathscr" | "mathfrak"
        | "mathnormal" | "boldsymbol" | "bm" | "pmb" | "ensuremath" | "mathop" | "mathrel" | "mathbin"
        | "mathord" | "underline" | "uline" | "url" | "path" | "emph" | "textit" | "textbf" | "texttt"
        | "textsc" | "textsf" | "textsl" | "textup" | "uppercase" | "lowercase" | "frak" | "bold" => {
            Wraps::Font
        }
        "text" | "textrm" | "textnormal" | "textmd" | "mbox" | "hbox" | "fbox" | "makebox" => Wraps::Words,
        "mathbb" | "Bbb" | "mathds" | "mathbbm" => Wraps::DoubleStruck,
        "operatorname" | "DeclareMathOperator" => Wraps::Function,
        "grave" => Wraps::Accent('\u{300}'),
        "acute" => Wraps::Accent('\u{301}'),
        "hat" | "widehat" => Wraps::Accent('\u{302}'),
        "tilde" | "widetilde" => Wraps::Accent('\u{303}'),
        "bar" | "overline" => Wraps::Accent('\u{304}'),
        "breve" => Wraps::Accent('\u{306}'),
        "dot" => Wraps::Accent('\u{307}'),
        "ddot" => Wraps::Accent('\u{308}'),
        "mathring" => Wraps::Accent('\u{30a}'),
        "check" | "widecheck" => Wraps::Accent('\u{30c}'),
        "vec" => Wraps::Accent('\u{20d7}'),
        "sqrt" => Wraps::Root,
        "textsuperscript" => Wraps::Raised,
        "textsubscript" => Wraps::Lowered,
        _ => return None,
    })
}

/// Commands that set a font or a size and print nothing.
pub(super) fn is_switch(name: &str) -> bool {
    is_text_switch(name)
        || matches!(
            name,
            "cal"
                | "mit"
                | "normalsize"
                | "tiny"
                | "scriptsize"
                | "footnotesize"
                | "small"
                | "large"
                | "Large"
                | "LARGE"
                | "huge"
                | "Huge"
                | "boldmath"
                | "unboldmath"
                | "displaystyle"
                | "textstyle"
                | "scriptstyle"
                | "scriptscriptstyle"
                | "limits"
                | "nolimits"
                | "noindent"
                | "centering"
                | "relax"
                | "protect"
                | "nonumber"
                | "null"
        )
}

/// Fonts up to the end of the group, outside of math.
pub(super) fn is_text_switch(name: &str) -> bool {
    matches!(
        name,
        "it" | "bf"
            | "em"
            | "rm"
            | "sl"
            | "sc"
            | "tt"
            | "sf"
            | "itshape"
            | "bfseries"
            | "mdseries"
            | "scshape"
            | "slshape"
            | "upshape"
            | "rmfamily"
            | "sffamily"
            | "ttfamily"
            | "normalfont"
    )
}

/// Commands that size the delimiter after them: `\left(`. A dot after them is an empty delimiter.
pub(super) fn is_size(name: &str) -> bool {
    matches!(
        name,
        "left"
            | "right"
            | "middle"
            | "big"
            | "Big"
            | "bigg"
            | "Bigg"
            | "bigl"
            | "bigr"
            | "Bigl"
            | "Bigr"
            | "biggl"
            | "biggr"
            | "Biggl"
            | "Biggr"
            | "bigm"
            | "Bigm"
    )
}

/// Commands that are white space.
pub(super) fn is_space(name: &str) -> bool {
    matches!(
        name,
        "quad" | "qquad" | "enspace" | "enskip" | "thinspace" | "space" | "newline" | "linebreak" | "par"
    )
}

/// The double-struck form of a capital that has one outside the letters of the second plane.
pub(super) fn double_struck(letter: char) -> char {
    match letter {
        'C' => 'ℂ',
        'H' => 'ℍ',
        'N' => 'ℕ',
        'P' => 'ℙ',
        'Q' => 'ℚ',
        'R' => 'ℝ',
        'Z' => 'ℤ',
        other => other,
    }
}
