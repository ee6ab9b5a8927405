//! Commands for characters, and which of them arXiv converts.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The spacing of a symbol, after TeX's classes of atoms.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// A letter of a word: the space after the command only ended its name.
    Letter,
    /// A quantity or a mark.
    Ordinary,
    /// Between two operands: `\le`, `\times`, `\to`.
    Between,
}

/// The characters and the spacing of a command without arguments.
pub(super) fn symbol(name: &str) -> Option<(&'static str, Spacing)> {
    SYMBOLS.get(name).copied()
}

/// Letters of the Latin alphabets: `\o`, `\ss`, `\l`.
pub(super) fn letter(name: &str) -> Option<&'static str> {
    symbol(name)
        .filter(|(_, spacing)| *spacing == Spacing::Letter)
        .map(|(text, _)| text)
}

/// The characters of a command that arXiv converts (arxiv-base, `tex2utf`): letters, Greek, and a few symbols.
///
/// Its table lacks `\upsilon` and the `\var` letters but two, and has `\phi` as ϕ and `\varphi` as φ.
pub(super) fn arxiv(name: &str) -> Option<&'static str> {
    ARXIV.get(name).copied()
}

static SYMBOLS: LazyLock<HashMap<&str, (&str, Spacing)>> = LazyLock::new(|| {
    let with = |table: &'static str, spacing| pairs(table).map(move |(name, text)| (name, (text, spacing)));
    with(LETTERS, Spacing::Letter)
        .chain(with(GREEK, Spacing::Ordinary))
        .chain(with(ARXIV_SYMBOLS, Spacing::Ordinary))
        .chain(with(ORDINARY, Spacing::Ordinary))
        .chain(with(BETWEEN, Spacing::Between))
        .collect()
});

static ARXIV: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    pairs(LETTERS)
        .chain(pairs(GREEK))
        .chain(pairs(ARXIV_SYMBOLS))
        .chain([("div", "÷")])
        .collect()
});

fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut words = table.split_whitespace();
    std::iter::from_fn(move || Some((words.next()?, words.next()?)))
}

/// Each table lists a command and after it its characters. arXiv converts these.
const LETTERS: &str = "
    AA Å  AE Æ  DH Ð  DJ Đ  ETH Ð  L Ł  NG Ŋ  O Ø  oe œ  OE Œ  TH Þ  aa å  ae æ  dh ð  dj đ  eth ð  i ı
    l ł  ng ŋ  o ø  ss ß  th þ
";

/// arXiv converts these.
const GREEK: &str = "
    Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Xi Ξ  Pi Π  Sigma Σ  Upsilon Υ  Phi Φ  Psi Ψ  Omega Ω  alpha α
    beta β  gamma γ  delta δ  epsilon ε  zeta ζ  eta η  theta θ  iota ι  kappa κ  lambda λ  mu μ  nu ν
    xi ξ  omicron ο  pi π  rho ρ  varsigma ς  sigma σ  tau τ  varphi φ  phi ϕ  chi χ  psi ψ  omega ω
";

/// arXiv converts these and `\div`.
const ARXIV_SYMBOLS: &str = "
    P ¶  S §  copyright ©  guillemotleft «  guillemotright »  pounds £  dag †  ddag ‡  deg °
";

/// Symbols that arXiv leaves as TeX.
const ORDINARY: &str = "
    upsilon υ  varepsilon ε  vartheta ϑ  varkappa ϰ  varpi ϖ  varrho ϱ  digamma ϝ  varGamma Γ
    varDelta Δ  varTheta Θ  varLambda Λ  varPi Π  varSigma Σ  varPhi Φ  varPsi Ψ  varOmega Ω  infty ∞
    partial ∂  nabla ∇  ell ℓ  hbar ℏ  hslash ℏ  imath ı  jmath ȷ  Re ℜ  Im ℑ  wp ℘  aleph ℵ  beth ℶ
    emptyset ∅  varnothing ∅  forall ∀  exists ∃  nexists ∄  neg ¬  lnot ¬  top ⊤  bot ⊥  angle ∠
    triangle △  Box □  square □  blacksquare ■  diamond ⋄  Diamond ◇  sharp ♯  flat ♭  natural ♮
    clubsuit ♣  diamondsuit ♢  heartsuit ♡  spadesuit ♠  prime ′  dagger †  ddagger ‡  degree °
    degrees °  arcsec ″  arcmin ′  micron µm  angstrom Å  AngstromA Å  ldots …  dots …  cdots ⋯
    vdots ⋮  ddots ⋱  dotsc …  dotsb ⋯  textellipsis …  sum ∑  prod ∏  coprod ∐  int ∫  iint ∬  iiint ∭
    oint ∮  bigcup ⋃  bigcap ⋂  bigoplus ⨁  bigotimes ⨂  bigvee ⋁  bigwedge ⋀  surd √  langle ⟨
    rangle ⟩  lfloor ⌊  rfloor ⌋  lceil ⌈  rceil ⌉  lbrace {  rbrace }  lbrack [  rbrack ]  lvert |
    rvert |  vert |  lVert ‖  rVert ‖  Vert ‖  earth ⊕  sun ☉  Sun ☉  checkmark ✓  textbackslash \\
    textasciitilde ~  textasciicircum ^  textunderscore _  textdollar $  textbar |  textless <
    textgreater >  textbraceleft {  textbraceright }  textendash –  textemdash —  textquotedblleft “
    textquotedblright ”  textquoteleft ‘  textquoteright ’  quotedblbase „  quotesinglbase ‚
    guilsinglleft ‹  guilsinglright ›  textdegree °  textmu µ  texttimes ×  textpm ±  textregistered ®
    texttrademark ™  textcopyright ©  textsection §  textparagraph ¶  textbullet •
    textrightarrow →  textleftarrow ←  textuparrow ↑  textdownarrow ↓
    textperiodcentered ·  texteuro €  euro €  textsterling £  textalpha α  textbeta β  textgamma γ
    IJ Ĳ  ij ĳ  SS SS  LaTeX LaTeX  TeX TeX  LaTeXe LaTeX2e  BibTeX BibTeX
";

/// Operators and relations that arXiv leaves as TeX, except `\div`.
const BETWEEN: &str = "
    div ÷  le ≤  leq ≤  leqslant ⩽  ge ≥  geq ≥  geqslant ⩾  lt <  gt >  ne ≠  neq ≠  equiv ≡  approx ≈
    approxeq ≊  simeq ≃  sim ∼  cong ≅  propto ∝  varpropto ∝  ll ≪  gg ≫  lll ⋘  ggg ⋙  lesssim ≲
    gtrsim ≳  lessapprox ⪅  gtrapprox ⪆  la ≲  ga ≳  lsim ≲  gsim ≳  prec ≺  succ ≻  preceq ⪯  succeq ⪰
    in ∈  notin ∉  ni ∋  subset ⊂  supset ⊃  subseteq ⊆  supseteq ⊇  subsetneq ⊊  supsetneq ⊋
    sqsubseteq ⊑  vdash ⊢  dashv ⊣  models ⊨  vDash ⊨  Vdash ⊩  perp ⊥  parallel ∥  nparallel ∦  mid |
    nmid ∤  doteq ≐  triangleq ≜  coloneqq ≔  asymp ≍  bowtie ⋈  because ∵  therefore ∴  to →
    rightarrow →  longrightarrow ⟶  gets ←  leftarrow ←  longleftarrow ⟵  leftrightarrow ↔
    longleftrightarrow ⟷  Rightarrow ⇒  Longrightarrow ⟹  implies ⟹  Leftarrow ⇐  Leftrightarrow ⇔
    iff ⟺  Longleftrightarrow ⟺  mapsto ↦  longmapsto ⟼  hookrightarrow ↪  hookleftarrow ↩  uparrow ↑
    downarrow ↓  updownarrow ↕  Uparrow ⇑  Downarrow ⇓  nearrow ↗  searrow ↘  nwarrow ↖  swarrow ↙
    rightharpoonup ⇀  rightleftharpoons ⇌  leadsto ⇝  rightsquigarrow ⇝  twoheadrightarrow ↠
    rightarrowtail ↣  circlearrowleft ↺  circlearrowright ↻  times ×  pm ±  mp ∓  cdot ·  cdotp ·
    ast ∗  star ⋆  circ ∘  bullet •  oplus ⊕  ominus ⊖  otimes ⊗  oslash ⊘  odot ⊙  cap ∩  cup ∪
    sqcap ⊓  sqcup ⊔  uplus ⊎  wedge ∧  vee ∨  land ∧  lor ∨  setminus ∖  smallsetminus ∖  backslash \\
    amalg ⨿  wr ≀  ltimes ⋉  rtimes ⋊  boxtimes ⊠  boxplus ⊞  colon :  upharpoonright ↾  restriction ↾
";
