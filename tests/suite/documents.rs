//! The references of documents, and what is claimed of each.

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use arxcat::model::id::ArxivId;
use arxcat::refs::document::{DocumentFormat, Reference, references};
use proptest::prelude::*;

use crate::arxcat::Machine;
use crate::recordings;

const BIB: &str = include_str!("../../fixtures/refs/papers.bib");
const TEX: &str = include_str!("../../fixtures/refs/paper.tex");
const BBL: &str = include_str!("../../fixtures/refs/biblatex.bbl");
const LIST: &str = include_str!("../../fixtures/refs/list.md");
const PAGE: &str = include_str!("../../fixtures/refs/page.html");
const PLAIN: &str = include_str!("../../fixtures/refs/references.txt");

const ALL: &[(&str, DocumentFormat)] = &[
    (BIB, DocumentFormat::Bibtex),
    (TEX, DocumentFormat::Tex),
    (BBL, DocumentFormat::Tex),
    (LIST, DocumentFormat::Markdown),
    (PAGE, DocumentFormat::Html),
    (PLAIN, DocumentFormat::Plain),
];

/// A reference in a line: `id = title`, with `?` for `=` where the claim is not certain, then authors and year.
fn line(text: &str, reference: &Reference) -> String {
    let id = match &reference.id {
        Some(Ok(id)) => id.to_string(),
        Some(Err(_)) => format!("!{}", &text[reference.number.clone()]),
        None => "-".to_owned(),
    };
    let claim = &reference.claim;
    let sign = if claim.certain { "=" } else { "?" };
    let mut line = format!("{id} {sign} {}", claim.title.as_deref().unwrap_or("nothing"));
    if !claim.authors.is_empty() {
        let _ = write!(line, " / {}", claim.authors.join("; "));
    }
    if let Some(year) = claim.year {
        let _ = write!(line, " / {year}");
    }
    line
}

fn lines(text: &str, kind: DocumentFormat) -> Vec<String> {
    let references = references(text, kind);
    references.iter().map(|reference| line(text, reference)).collect()
}

#[test]
fn every_entry_of_bibtex_is_a_reference() {
    let expected = [
        "2101.00001 = Kelp Forests Are All You Need / Jane Doe; Rick Roe / 2021",
        "1803.00002 = On Tidal Networks / Anné Müller; de la Cruz, Juan / 2018",
        "1904.00003v2 = Slow Currents / Poe, Edgar A. / 2019",
        "hep-th/9901001 = Brane Kelp / Roe, R. / 1999",
        "2205.00004 = Data Tides / Moe, M. / 2022",
        "- = Other Archives / Coe, C. / 2020",
        "2303.00005 = A Tide by Its DOI / Loe, L. / 2023",
        "!2413.00006 = A Mistyped Number / Noe, N. / 2024",
        "- = Printed Kelp / Zoe, Z. / 2001",
    ];
    assert_eq!(lines(BIB, DocumentFormat::Bibtex), expected);
}

#[test]
fn a_paper_does_not_inherit_its_volumes_identifier_or_title() {
    let text = "@inproceedings{a, author = {A}, crossref = {b}}\n\
        @proceedings{b, title = {B}, eprint = {2101.00001}, archiveprefix = {arXiv}, year = 2020}";
    assert_eq!(
        lines(text, DocumentFormat::Bibtex),
        ["- ? nothing / A / 2020", "2101.00001 = B / 2020"]
    );
}

#[test]
fn tex_has_items_and_identifiers_in_its_text() {
    let expected = [
        "2101.00001 = Kelp Forests Are All You Need",
        "1904.00003v2 ? nothing",
        "1803.00002 ? nothing",
        "2101.00001 = Kelp forests are All you need / Jane Doe; Rick Roe; Étienne Moe / 2021",
        "1904.00003v2 = Slow currents / E. A. Poe / 2019",
        "hep-th/9901001 = Brane kelp / R. Roe / 1999",
        "- ? Printed kelp / Z. Zoe / 2001",
        "hep-th/0101001 ? nothing",
        "hep-th/0101002 ? nothing",
        "!2413.00006 ? nothing",
    ];
    assert_eq!(lines(TEX, DocumentFormat::Tex), expected);
}

#[test]
fn what_biblatex_writes_for_tex_is_read() {
    let expected = [
        "2205.00004 = Data Tides / Maria Moe; Juan de la Cruz / 2022",
        "- = Printed Kelp / 2001",
    ];
    assert_eq!(lines(BBL, DocumentFormat::Tex), expected);
}

#[test]
fn markdown_claims_are_certain_only_where_they_name_a_paper() {
    let expected = [
        "2101.00001 ? nothing",
        "2101.00002 ? nothing / Doe / 2021",
        "2101.00003 ? those who swim",
        "2101.00004 = Kelp Forests Are All You Need",
        "2101.00005 = KelpNet-2",
        "2101.00006 ? diver",
        "2101.00008 ? Slow Currents",
        "2102.00001 = KelpNet",
        "2102.00002 = Slow currents are fast learners",
        "2102.00003 ? Backbone",
        "2102.00004 ? For an overview see",
        "2102.00005 = Tides are few-shot learners",
        "2102.00006 ? Data Tides",
        "2102.00007 = Kelp-A",
        "2102.00008 ? Kelp-B",
        "2102.00009 ? Kelp-C",
        "2102.00010 = Tidal & Slow Networks",
        "2102.00011 = Kelp Without Tears",
        "2102.00012 ? Attention to Kelp, Doe et al",
        "2103.00001v2 = Brane Kelp",
        "2104.00001 = Kelp Forests / Doe, Jane / 2021",
        "2101.00007 ? Tides",
        "2103.00002 = Tidal kelp",
        "2105.00001 ? Kelp at night / J. Doe; R. Roe / 2021",
        "2105.00002 ? nothing",
        "- = Printed Kelp / Z. Zoe / 2001",
    ];
    assert_eq!(lines(LIST, DocumentFormat::Markdown), expected);
}

#[test]
fn html_is_read_like_markdown() {
    let expected = [
        "2101.00001 = Kelp Forests & Tides",
        "2101.00002 = Slow currents",
        "2101.00003 = KelpNet",
        "hep-th/9901001 = Brane Kelp",
        "2101.00005 ? we have shown",
        "2105.00001 = Kelp at Night / J. Doe / 2021",
        "- ? Printed Kelp / Z. Zoe / 2001",
    ];
    assert_eq!(lines(PAGE, DocumentFormat::Html), expected);
}

#[test]
fn plain_text_has_numbered_entries_and_identifiers() {
    let expected = [
        "2105.00001 = Kelp at Night",
        "2105.00009 ? nothing",
        "2101.00002 = Slow currents / J. Doe; R. Roe / 2021",
        "1701.00003 ? Kelp is all you need / Vaughan, A.; Shazar, N. / 2017",
        "- = KelpNet 2.0 / Kelp Inc. / 2024",
        "- ? Data tides in kelp / M. Moe / 2015",
    ];
    assert_eq!(lines(PLAIN, DocumentFormat::Plain), expected);
}

#[test]
fn a_venue_between_quotes_is_no_title() {
    let insights =
        "- Insights into Kelp-3, in \"Proceedings of the 52nd Symposium on Kelp\", arXiv:2505.00001";
    let doe = "Doe et al. \"Kelp is all you need.\" In \"Tidal Information Systems\", 2017. arXiv:2106.00002";
    let prose = "as is shown in \"Kelp Forests at Night\" (arXiv:2106.00003)";
    assert_eq!(
        lines(insights, DocumentFormat::Markdown),
        ["2505.00001 ? Insights into Kelp-3, in \"Proceedings of the 52nd Symposium on Kelp"]
    );
    assert_eq!(
        lines(doe, DocumentFormat::Markdown),
        ["2106.00002 ? Kelp is all you need"]
    );
    assert_eq!(
        lines(&format!("- {doe}"), DocumentFormat::Markdown),
        ["2106.00002 = Kelp is all you need"]
    );
    assert_eq!(
        lines(prose, DocumentFormat::Plain),
        ["2106.00003 ? Kelp Forests at Night"]
    );
    let entry = format!("[1] {doe}\n[2] Z. Zoe, in \"Proceedings of Kelp,\" arXiv:2106.00004\n");
    let of_entry = references(&entry, DocumentFormat::Plain);
    assert_eq!(of_entry[0].claim.title.as_deref(), Some("Kelp is all you need"));
    assert!(of_entry[0].claim.certain && !of_entry[1].claim.certain);
}

#[test]
fn cells_of_csv_claim_nothing_for_certain() {
    let text = "id,title,url,authors\n\
        2106.00001,\"Kelp, Tides, and Night\",https://arxiv.org/abs/2106.00001,\"Jane Doe, Rick Roe\"\n\
        \"On Tidal Networks\",https://arxiv.org/abs/2106.00002,\"Jane Doe\"\n\
        2106.00003,Kelp,\"Slow Currents\",arXiv:2106.00003\n";
    let references = references(text, DocumentFormat::of("list.csv", text));
    assert_eq!(references.len(), 3);
    assert!(references.iter().all(|reference| !reference.claim.certain));
}

#[test]
fn words_between_two_identifiers_may_be_eithers() {
    let expected = |text: &str, second: &str| {
        let lines = lines(text, DocumentFormat::Markdown);
        assert_eq!(lines.last().map(String::as_str), Some(second), "{text}");
    };
    expected(
        "- https://arxiv.org/abs/2106.00001 - Kelp-V3; https://arxiv.org/abs/2106.00002 - Kelp-V2",
        "2106.00002 ? Kelp-V3",
    );
    expected(
        "- [pdf](https://arxiv.org/abs/2106.00001) **Kelp-V3** [pdf](https://arxiv.org/abs/2106.00002)",
        "2106.00002 ? Kelp-V3",
    );
    expected(
        "- **Kelp-V3** https://arxiv.org/abs/2106.00001\n  **Kelp-V2** https://arxiv.org/abs/2106.00002",
        "2106.00002 = Kelp-V2",
    );
}

#[test]
fn a_bibitem_has_its_title_in_italics_or_behind_its_authors() {
    let item = |text: &str| {
        lines(
            &format!("\\bibitem{{a}} {text} arXiv:2106.00001."),
            DocumentFormat::Tex,
        )
        .remove(0)
    };
    for (text, expected) in [
        (
            "Kelp-AI, \\emph{Kelp-V2: A Strong and {E}fficient Forest}, 2021,",
            "= Kelp-V2: A Strong and Efficient Forest / Kelp-AI / 2021",
        ),
        (
            "J. Doe and R. Roe, \\textit{On slow currents}, \\emph{J. Kelp} \\textbf{12}, 3.",
            "= On slow currents / J. Doe; R. Roe",
        ),
        (
            "J. Doe \\emph{et al.}, {\\it On slow currents}, preprint,",
            "= On slow currents / J. Doe",
        ),
        (
            "Kelp-AI. Kelp-V2: A Strong, Economical, and Efficient Forest.",
            "= Kelp-V2: A Strong, Economical, and Efficient Forest / Kelp-AI",
        ),
        (
            "Doe, J., Roe, R.: On the currents of kelp. In: Tides (2021).",
            "= On the currents of kelp / Doe, J.; Roe, R. / 2021",
        ),
        (
            "J. Doe, ``On slow currents,'' \\emph{Kelp Letters}, 2021.",
            "= On slow currents / J. Doe / 2021",
        ),
    ] {
        assert_eq!(item(text), format!("2106.00001 {expected}"), "{text}");
    }
    for journal in [
        "J. Doe, \\emph{Phys. Rev. D} \\textbf{12}, 34 (2021),",
        "J. Doe, \\emph{Annals of Kelp} 12, 34 (2021),",
        "J. Doe, On slow currents in kelp, \\emph{Annals of Kelp}, 2021,",
        "J. Doe, in \\emph{Night of Kelp}, 2021,",
        "J. Doe. In Proceedings of the Kelp Society. 2021.",
        "J. Doe. Phys. Rev. D 12, 34. 2021.",
    ] {
        assert!(!item(journal).contains(" = "), "{journal}: {}", item(journal));
    }
}

#[test]
fn an_entry_that_names_two_papers_is_two_references() {
    let text = "@misc{a, title={Kelp}, eprint={2106.00001}, note={extends arXiv:2106.00009},\n\
        url={https://arxiv.org/abs/2106.00002v3}, doi={10.48550/arXiv.2106.00001}}";
    assert_eq!(
        lines(text, DocumentFormat::Bibtex),
        ["2106.00001 = Kelp", "2106.00002v3 = Kelp"]
    );
}

#[test]
fn a_patch_corrects_an_entry_of_one_line_throughout() {
    let machine = Machine::new();
    let entry = "@misc{xin2406.14333, title={DeepSeek-Prover: Advancing Theorem Proving in LLMs through Large-Scale Synthetic Data}, eprint={2406.14333}, primaryClass={cs.AI}, url={https://arxiv.org/abs/2406.14333v1}, doi={10.48550/arXiv.2406.14333}, journal={arXiv preprint arXiv:2406.14333}, pages={12406.14333}}";
    machine.write(
        "refs.bib",
        format!("{entry}\n@misc{{other, note={{arXiv:2406.14333}}}}\n").as_bytes(),
    );
    let ended = machine.run(&["check", "--offline", "--diff", "refs.bib"]);
    let right = entry
        .replace("2406.14333v1", "2406.14333")
        .replace("{2406", "{2405")
        .replace("/2406", "/2405")
        .replace("arXiv.2406", "arXiv.2405")
        .replace("arXiv:2406", "arXiv:2405");
    assert!(right.starts_with("@misc{xin2406.14333,") && right.matches("2405.14333").count() == 4);
    let added: Vec<&str> = ended
        .stdout
        .lines()
        .filter(|line| line.starts_with("+@"))
        .collect();
    assert_eq!(added, [format!("+{right}")], "{}", ended.shown());
}

#[test]
fn an_eprint_of_arxivs_shape_is_malformed_without_its_archive() {
    let text = "@misc{a, title={Kelp}, eprint={1412.06980}}\n@misc{b, title={Tides}, eprint={1234567}}";
    assert_eq!(
        lines(text, DocumentFormat::Bibtex),
        ["!1412.06980 = Kelp", "- = Tides"]
    );
}

#[test]
fn a_links_text_that_tells_nothing_leaves_the_words_before_it() {
    for text in ["x", "Full text", "read more", "\u{2192}", "Website", "See"] {
        let list = format!("- Kelp-Prover: [{text}](https://arxiv.org/abs/2106.00001)");
        assert_eq!(
            lines(&list, DocumentFormat::Markdown),
            ["2106.00001 = Kelp-Prover"],
            "{text}"
        );
    }
    let name = "- [T5](https://arxiv.org/abs/2106.00001)";
    assert_eq!(lines(name, DocumentFormat::Markdown), ["2106.00001 = T5"]);
}

#[test]
fn a_document_is_known_by_its_name_or_by_its_first_sign() {
    let by_name = ["refs.bib", "a.TEX", "a.bbl", "README.md", "x.htm", "refs.bib.gz"];
    let kinds: Vec<DocumentFormat> = by_name.iter().map(|name| DocumentFormat::of(name, "")).collect();
    assert_eq!(
        kinds,
        [
            DocumentFormat::Bibtex,
            DocumentFormat::Tex,
            DocumentFormat::Tex,
            DocumentFormat::Markdown,
            DocumentFormat::Html,
            DocumentFormat::Bibtex
        ]
    );
    for (text, kind) in ALL {
        let expected = if *text == BBL {
            DocumentFormat::Plain
        } else {
            *kind
        };
        assert_eq!(DocumentFormat::of("-", text), expected, "{}", &text[..30]);
    }
}

#[test]
fn the_list_of_a_blog_claims_its_short_names() {
    let Some(folder) = recordings::folder("the_list_of_a_blog") else {
        return;
    };
    let seed = fs::read(folder.join("../seeds/004_cecab1db410d685b.txt"));
    let Ok(seed) = seed.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()) else {
        return;
    };
    let expected = [
        "2501.12948 = DeepSeek-R1",
        "2412.19437 = DeepSeek-V3",
        "2412.10302 = DeepSeek-VL2",
        "2411.07975 = JanusFlow",
        "2410.13848 = Janus",
        "2408.08152 = DeepSeek-Prover-V1.5",
        "2407.01906 = Let the Expert Stick to His Last",
        "2406.11931 = DeepSeek-Coder-V2",
        "2406.14333 = DeepSeek-Prover",
        "2405.04434 = DeepSeek-V2",
        "2403.05525 = DeepSeek-VL",
        "2402.03300 = DeepSeekMath",
        "2401.14196 = DeepSeek-Coder",
        "2401.06066 = DeepSeekMoE",
        "2401.02954 = DeepSeekLLM",
    ];
    assert_eq!(lines(&seed, DocumentFormat::of("", &seed)), expected);
}

#[test]
fn a_real_list_claims_a_title_for_each_paper() {
    let Some(folder) = recordings::folder("a_real_list") else {
        return;
    };
    let text = fs::read_to_string(folder.join("markdown/Awesome-LLM_README.md")).unwrap();
    let references = references(&text, DocumentFormat::Markdown);
    assert_eq!(references.len(), text.matches("](https://arxiv.org/").count());
    assert!(references.iter().all(|reference| reference.claim.certain));
    let lines = lines(&text, DocumentFormat::Markdown);
    for expected in [
        "1706.03762 = Attention Is All You Need",
        "2205.05131v1 = Unifying Language Learning Paradigms",
        "2112.11446 = Scaling Language Models: Methods, Analysis & Insights from Training Gopher",
        "2205.01068 = OPT-1.3|6.7|13|30|66B",
        "1910.10683 = T5",
        "2303.18223 = A Survey of Large Language Models",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}");
    }
}

#[test]
fn the_code_of_a_document_ends_its_title() {
    let text = "[1] KELP J, ROE R. Slow Currents of the North[J]. arXiv preprint arXiv:1904.00003, 2019.\n\
        [2] 张三. 洋流[EB/OL]. (2021-01-04). https://arxiv.org/abs/1904.00004.\n";
    assert_eq!(
        lines(text, DocumentFormat::Plain)[0],
        "1904.00003 = Slow Currents of the North / KELP J; ROE R / 2019"
    );
}

#[test]
fn an_item_of_apacite_has_its_title_in_a_command() {
    let text = r"\bibitem [\protect \citeauthoryear {Kelp}{Kelp}{{\protect \APACyear {2021}}{\protect \BCnt {1}}}]{f}
\begin{APACrefauthors}%
Kelp, J.%
\end{APACrefauthors}%
\newblock
\APACrefYearMonthDay{2021 \BCnt 1}{}{}.
\newblock
{\BBOQ}\APACrefatitle {Slow Currents of the North} {Slow Currents of the North}.{\BBCQ}
\newblock
\APACjournalVolNumPages{arXiv preprint arXiv:1904.00003}{}{}{}.
";
    assert_eq!(
        lines(text, DocumentFormat::Tex),
        ["1904.00003 = Slow Currents of the North / Kelp, J. / 2021"]
    );
}

#[test]
fn hostile_text_takes_linear_time() {
    let hostile = [
        ("[[[[", DocumentFormat::Markdown),
        ("](", DocumentFormat::Markdown),
        ("[a](arxiv.org/abs/2101.00001) ", DocumentFormat::Markdown),
        ("[", DocumentFormat::Markdown),
        ("]", DocumentFormat::Markdown),
        ("**", DocumentFormat::Markdown),
        ("| a ", DocumentFormat::Markdown),
        ("|[x](arxiv.org/abs/2101.00001)", DocumentFormat::Markdown),
        ("- [p](arxiv.org/abs/2101.00001)\n", DocumentFormat::Markdown),
        ("![", DocumentFormat::Markdown),
        ("```\n", DocumentFormat::Markdown),
        ("[1] A. B. C, ", DocumentFormat::Plain),
        ("[1] A. B. Title. arXiv:2101.00001\n", DocumentFormat::Plain),
        ("arXiv:2101.00001 ", DocumentFormat::Plain),
        ("\\bibitem", DocumentFormat::Tex),
        ("\\bibitem{", DocumentFormat::Tex),
        ("\\bibitem[", DocumentFormat::Tex),
        ("\\bibitem{a}\\bibinfo{title}{", DocumentFormat::Tex),
        ("\\href{arxiv.org/abs/2101.00001}{", DocumentFormat::Tex),
        ("%", DocumentFormat::Tex),
        ("<a", DocumentFormat::Html),
        ("<a href=arxiv.org/abs/2101.00001>", DocumentFormat::Html),
        ("<li>", DocumentFormat::Html),
        (
            "<td><a href=\"arxiv.org/abs/2101.00001\">x</a>",
            DocumentFormat::Html,
        ),
        ("&amp;", DocumentFormat::Html),
        ("@a{", DocumentFormat::Bibtex),
        ("@a{b, eprint={2101.00001}}", DocumentFormat::Bibtex),
    ];
    for (text, kind) in hostile {
        let time = |size: usize| {
            let text = text.repeat(size / text.len());
            let begun = Instant::now();
            let _ = references(&text, kind);
            begun.elapsed()
        };
        // A machine with other things to do may take long once.
        let linear = (0..3).any(|_| {
            let (small, large) = (time(10_000), time(100_000));
            large < small * 30 + Duration::from_millis(500)
        });
        assert!(linear, "{text}");
    }
}

/// Every range lies in the text, and a number reads as its identifier.
fn hold(text: &str, kind: DocumentFormat) -> Result<(), TestCaseError> {
    for reference in references(text, kind) {
        prop_assert!(text.get(reference.span.clone()).is_some());
        let number = text.get(reference.number.clone());
        prop_assert!(number.is_some());
        if let Some(Ok(id)) = reference.id {
            prop_assert_eq!(ArxivId::parse(number.unwrap()), Ok(id));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn documents_broken_anywhere_are_read(which in 0..ALL.len(), cut in any::<prop::sample::Index>(), byte in any::<u8>(), kind in 0..ALL.len()) {
        let (text, own) = ALL[which];
        let at = cut.index(text.len());
        let mut broken = text.as_bytes().to_vec();
        broken[at] = byte;
        hold(&String::from_utf8_lossy(&broken), own)?;
        hold(&String::from_utf8_lossy(&text.as_bytes()[..at]), own)?;
        hold(&text[text.floor_char_boundary(at)..], ALL[kind].1)?;
    }

    #[test]
    fn any_text_is_read(
        parts in prop::collection::vec(prop::sample::select(vec![
            "[", "](", ")", "]", "**", "|", "\n", "- ", "[1] ", "[1]: ", "`", "```\n", "<a href=\"", "\">", "</a>", "<li>", "<td>",
            "\\bibitem", "\\bibitem[", "{", "}", "\\newblock ", "\\href{", "``", "''", "“", "”", "\"", "é", "论文", "👉", "%", " ",
            "arXiv:2101.00001v2", "https://arxiv.org/abs/hep-th%2F9901001", "arxiv.org/pdf/2413.00001", "@misc{a, eprint = {2101.00001}",
            "@misc{b, ", "title", "A. Doe, ", "2021. ", "\\entry{", "&amp;", "&#", "![", "# References\n", "\r\n", "\\",
        ]), 0..40),
        kind in 0..ALL.len(),
    ) {
        hold(&parts.concat(), ALL[kind].1)?;
    }
}
