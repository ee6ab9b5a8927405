//! What exactly is written.

use arxcat::catalog::Catalog;
use arxcat::format::{CitationOptions, Format};
use arxcat::model::paper::{Paper, UserData};
use biblatex::{Bibliography, ChunksExt};

use super::{cited, cited_so, field, paper};

/// Every kind of author, TeX in the title, published elsewhere.
fn published() -> Paper {
    let mut paper = paper(
        "1802.00004",
        r#"On $\mathcal{N}=4$ Super-Schr\"odinger Operators & the $L^2$ Norm"#,
        &[
            "Jan van der Berg",
            "John Smith Jr.",
            "P. Di Francesco",
            "Pál Erdős",
            "DeepSeek-AI",
            "The BABAR Collaboration",
            "Llama Team, AI @ Invent",
            "Example, Inc.",
            "李 明",
            "Barnes and Noble",
        ],
        "2018-02-06",
    );
    paper.version = Some(3);
    paper.set_dois(vec![
        "10.1234/invented_2025(7)".to_owned(),
        "10.1234/other".to_owned(),
    ]);
    paper.journal_ref = Some("J. Invent. & Res. 7 (2025) 1-12".to_owned());
    paper.abstract_ = Some("Let $a < b$.\nTY  - JOUR\nER  - ".to_owned());
    paper
}

#[test]
fn bibtex() {
    assert_eq!(
        cited(Format::Bibtex, &[published()]),
        r#"@misc{vanderberg2018super,
  title = {On $\mathcal{N}=4$ Super-Schr\"odinger Operators \& the {$L^2$} Norm},
  author = {van der Berg, Jan and Smith, Jr., John and Di Francesco, P. and Erdős, Pál and {DeepSeek-AI} and {The BABAR Collaboration} and {Llama Team, AI @ Invent} and {Example, Inc.} and {李 明} and Noble, {Barnes and}},
  year = {2018},
  eprint = {1802.00004},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  doi = {10.1234/invented_2025(7)},
  url = {https://arxiv.org/abs/1802.00004},
  note = {J. Invent. \& Res. 7 (2025) 1-12},
}
"#
    );
}

#[test]
fn biblatex() {
    assert_eq!(
        cited(
            Format::Biblatex,
            &[paper(
                "hep-th/9901001",
                "An Old Paper on Branes",
                &["Ada Example"],
                "1999-01-04"
            )]
        ),
        "@online{example1999old,
  title = {An Old Paper on Branes},
  author = {Example, Ada},
  date = {1999-01-04},
  eprint = {hep-th/9901001},
  eprinttype = {arxiv},
  eprintclass = {cs.CL},
}
"
    );
}

#[test]
fn ris() {
    let expected = "TY  - GEN
ID  - vanderberg2018super
TI  - On N=4 Super-Schrödinger Operators & the L² Norm
AU  - van der Berg, Jan
AU  - Smith, John, Jr.
AU  - Di Francesco, P.
AU  - Erdős, Pál
AU  - DeepSeek-AI
AU  - The BABAR Collaboration
AU  - Llama Team AI @ Invent
AU  - Example Inc.
AU  - 李 明
AU  - Noble, Barnes and
PY  - 2018
DA  - 2018/02/06
PB  - arXiv
AN  - arXiv:1802.00004
DO  - 10.1234/invented_2025(7)
UR  - https://arxiv.org/abs/1802.00004
N1  - J. Invent. & Res. 7 (2025) 1-12
AB  - Let a < b. TY - JOUR ER -
KW  - cs.CL
KW  - cs.AI
ER  - 
";
    assert_eq!(cited(Format::Ris, &[published()]), expected.replace('\n', "\r\n"));
}

#[test]
fn csl() {
    let items: serde_json::Value = serde_json::from_str(&cited(Format::Csl, &[published()])).unwrap();
    assert_eq!(
        items,
        serde_json::json!([{
            "id": "vanderberg2018super",
            "type": "article",
            "title": "On N=4 Super-Schrödinger Operators & the L² Norm",
            "author": [
                {"family": "van der Berg", "given": "Jan"},
                {"family": "Smith", "given": "John", "suffix": "Jr."},
                {"family": "Di Francesco", "given": "P."},
                {"family": "Erdős", "given": "Pál"},
                {"literal": "DeepSeek-AI"},
                {"literal": "The BABAR Collaboration"},
                {"literal": "Llama Team, AI @ Invent"},
                {"literal": "Example, Inc."},
                {"literal": "李 明"},
                {"family": "Noble", "given": "Barnes and"},
            ],
            "issued": {"date-parts": [[2018, 2, 6]]},
            "publisher": "arXiv",
            "number": "arXiv:1802.00004",
            "DOI": "10.1234/invented_2025(7)",
            "URL": "https://arxiv.org/abs/1802.00004",
            "abstract": "Let a < b. TY - JOUR ER -",
            "note": "J. Invent. & Res. 7 (2025) 1-12",
        }])
    );
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut bare = paper("2001.00001", "0", &[], "");
    bare.primary_category = None;
    bare.doi = Some("10.1234/no}, @evil{x".to_owned());
    bare.journal_ref = Some("  ".to_owned());
    let expected = "{arxiv2001_00001,
  title = {0},
  eprint = {2001.00001},
";
    let written = cited(Format::Bibtex, std::slice::from_ref(&bare));
    assert_eq!(
        written,
        format!(
            "@misc{expected}  archivePrefix = {{arXiv}},\n  url = {{https://arxiv.org/abs/2001.00001}},\n}}\n"
        )
    );
    let written = cited(Format::Biblatex, std::slice::from_ref(&bare));
    assert_eq!(
        written,
        format!("@online{expected}  eprinttype = {{arxiv}},\n}}\n")
    );
    let csl: serde_json::Value = serde_json::from_str(&cited(Format::Csl, &[bare])).unwrap();
    assert_eq!(csl[0]["DOI"], "10.48550/arXiv.2001.00001");
    assert!(csl[0].get("issued").is_none() && csl[0].get("note").is_none());
}

#[test]
fn tags_are_keywords_only_if_they_are_wanted() {
    let mut paper = published();
    paper.library = Some(UserData {
        tags: vec!["to-read".to_owned(), "100% done".to_owned()],
        ..UserData::default()
    });
    let papers = [paper];
    for (format, expected) in [
        (Format::Bibtex, "\n  keywords = {to-read, 100\\% done},\n"),
        (Format::Biblatex, "\n  keywords = {to-read, 100\\% done},\n"),
        (Format::Ris, "KW  - to-read\r\nKW  - 100% done\r\n"),
        (Format::Csl, "\"keyword\": \"to-read, 100% done\""),
    ] {
        let with_tags = CitationOptions {
            with_tags: true,
            ..CitationOptions::default()
        };
        let tagged = cited_so(format, &papers, with_tags);
        assert!(tagged.contains(expected), "{format}: {tagged}");
        assert!(!cited(format, &papers).contains("to-read"), "{format}");
    }
}

#[test]
fn nothing_to_cite_is_nothing_and_an_empty_array() {
    assert_eq!(cited(Format::Bibtex, &[]), "");
    assert_eq!(cited(Format::Ris, &[]), "");
    assert_eq!(cited(Format::Csl, &[]), "[]\n");
}

#[test]
fn the_version_is_cited_only_when_told_to() {
    let mut asked = published();
    asked.requested_id = Some(asked.id.with_version(1));
    let versions = || CitationOptions {
        versions: true,
        ..CitationOptions::default()
    };
    assert_eq!(
        field(&cited(Format::Bibtex, &[asked.clone()]), "eprint"),
        "1802.00004"
    );
    let versioned = cited_so(Format::Bibtex, &[asked.clone()], versions());
    assert_eq!(field(&versioned, "eprint"), "1802.00004v1");
    assert_eq!(field(&versioned, "url"), "https://arxiv.org/abs/1802.00004v1");
    let latest = cited_so(Format::Bibtex, &[published()], versions());
    assert_eq!(field(&latest, "eprint"), "1802.00004v3");
    let both = [asked, published()];
    assert_eq!(
        cited(Format::Bibtex, &both).matches("@misc{").count(),
        1,
        "one paper"
    );
    let both = cited_so(Format::Bibtex, &both, versions());
    assert!(
        both.contains("{vanderberg2018super180200004v1,")
            && both.contains("{vanderberg2018super180200004v3,")
    );
}

#[test]
fn capitals_are_in_braces_only_where_a_style_would_spoil_them() {
    for (title, written) in [
        ("Attention Is All You Need", "Attention Is All You Need"),
        (
            "DeepSeek-R1: Incentivizing Reasoning in LLMs",
            "{DeepSeek-R1}: Incentivizing Reasoning in {LLMs}",
        ),
        (
            "DeepSeek-Coder and DeepSeek-V3.2-Exp",
            "{DeepSeek-Coder} and {DeepSeek-V3.2-Exp}",
        ),
        ("LLM-Based, Mixture-of-Experts", "{LLM}-Based, Mixture-of-Experts"),
        (
            "Vitamin C in a 3D X-Ray of H2O",
            "Vitamin {C} in a {3D} {X}-Ray of {H2O}",
        ),
        ("A GPT-4 (MoE)", "A {GPT-4} ({MoE})"),
        ("{DNA} as {\\bf RNA}", "{DNA} as {{\\bf RNA}}"),
        ("A STUDY OF ALL CAPITALS", "A STUDY OF ALL CAPITALS"),
        ("BERT", "{BERT}"),
        ("Über O'Neill and l'Hôpital", "Über {O'Neill} and {l'Hôpital}"),
        (
            "$\\mathcal{N}=4$ and ${\\cal N}=4$ in $AdS_5$",
            "$\\mathcal{N}=4$ and {${\\cal N}=4$} in {$AdS_5$}",
        ),
        (
            "\\textbf{LLM} in \\LaTeX and Erd\\H{o}s",
            "\\textbf{LLM} in {\\LaTeX}and Erd{\\H{o}}s",
        ),
    ] {
        let bibtex = cited(
            Format::Bibtex,
            &[paper("2001.00001", title, &["A B"], "2020-01-01")],
        );
        assert_eq!(field(&bibtex, "title"), written);
    }
}

#[test]
fn tex_stays_and_what_is_none_is_escaped() {
    for (title, written) in [
        (
            "a & b % c # d_e ~ f ^ g",
            "a \\& b \\% c \\# d\\_e \\textasciitilde{} f \\textasciicircum{} g",
        ),
        ("a \\& b \\% c", "a \\& b \\% c"),
        ("it costs $5 for $x^2$", "it costs \\$5 for $x^2$"),
        ("Fig.~5 at z~2", "Fig.~5 at z\\textasciitilde{}2"),
        ("x < y | z", "x $<$ y $|$ z"),
        ("10^{-3} of \\alpha-decay", "10$^{-3}$ of $\\alpha$-decay"),
        (
            "sets {0,1} and { or } and }{",
            "sets {0,1} and { or } and \\textbraceright{}\\textbraceleft{}",
        ),
        (
            "$\\{0,1\\}$ and \\{x\\}",
            "$\\lbrace{}0,1\\rbrace{}$ and \\textbraceleft{}x\\textbraceright{}",
        ),
        ("$a_{\\text{max_x}}$", "$a_{\\text{max\\_x}}$"),
        (
            "caf\\'e, \\'{e}t\\'e, na\\\"{\\i}ve, \\c{c}a",
            "caf\\'e, \\'{e}t\\'e, na\\\"{\\i}ve, \\c{c}a",
        ),
        ("{\\L}ukasz and \\o re", "{\\L}ukasz and {\\o}re"),
        (
            "\\input{secret} \\write18{x}",
            "\\textbackslash{}input{secret} \\textbackslash{}write18{x}",
        ),
        ("$\\def\\x{1}$", "$\\backslash{}def\\backslash{}x{1}$"),
        (
            "$x^^41$ and ^^5cinput",
            "$x^41$ and \\textasciicircum{}\\textasciicircum{}5cinput",
        ),
        ("$x^$ is $$y$$ or \\(z\\)", "$x^{}$ is $y$ or $z$"),
        ("ends in \\", "ends in \\textbackslash{}"),
        ("\\bf all \\par of it", "all of it"),
    ] {
        let bibtex = cited(
            Format::Bibtex,
            &[paper("2001.00001", title, &["A B"], "2020-01-01")],
        );
        assert_eq!(field(&bibtex, "title"), written);
    }
}

/// Another parser reads the same number of entries, with titles and authors, from the citations of the whole catalog.
#[test]
fn the_catalog_is_read_back() {
    let catalog = Catalog::built_in().unwrap();
    for format in [Format::Bibtex, Format::Biblatex] {
        let bibliography = Bibliography::parse(&cited(format, &catalog.papers)).unwrap();
        assert_eq!(bibliography.len(), catalog.papers.len());
        for (entry, paper) in bibliography.iter().zip(&catalog.papers) {
            assert_eq!(
                entry.title().unwrap().format_verbatim().replace("--", "–"),
                paper.title.replace("--", "–")
            );
            assert_eq!(entry.eprint().unwrap(), paper.id.to_string());
            if paper.authors.is_empty() {
                continue;
            }
            let authors = entry.author().unwrap();
            assert_eq!(authors.len(), paper.authors.len());
            for (person, author) in authors.iter().zip(&paper.authors) {
                let parts = [&person.given_name, &person.prefix, &person.name, &person.suffix];
                let parts: Vec<&str> = parts
                    .into_iter()
                    .map(String::as_str)
                    .filter(|part| !part.is_empty())
                    .collect();
                assert_eq!(parts.join(" "), author.name);
            }
        }
    }
    assert!(cited(Format::Bibtex, &catalog.papers).contains(
        "@misc{deepseekai2025deepseek250112948,
  title = {{DeepSeek-R1}: Incentivizing Reasoning Capability in {LLMs} via Reinforcement Learning},
  author = {{DeepSeek-AI} and Guo, Daya and Yang, Dejian and "
    ));
}

#[test]
fn three_hundred_authors_are_all_named() {
    let names: Vec<String> = (1..=300).map(|n| format!("Given{n} Family{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let crowd = paper("2207.00007", "Crowd", &names, "2022-07-09");
    let bibliography = Bibliography::parse(&cited(Format::Bibtex, &[crowd])).unwrap();
    assert_eq!(bibliography.iter().next().unwrap().author().unwrap().len(), 300);
}
