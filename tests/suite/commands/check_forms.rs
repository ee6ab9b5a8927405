//! `check` on one citation in every form that people write: a wrong number is found in each, and a true one is never
//! accused.

use std::fmt::Write as _;

use serde_json::json;

use crate::arxcat::Machine;

const TITLE: &str = "Deep Sparse Widgets for Robust Planning under Uncertainty";

/// File name and content of each form; the paper is `2101.00001`.
const FORMS: &[(&str, &str)] = &[
    (
        "bold-paper.md",
        "**Deep Sparse Widgets for Robust Planning under Uncertainty** \\\n*Ada Noble, Yi Zed* \\\nICLR 2021. [[Paper](https://arxiv.org/abs/2101.00001)]\n",
    ),
    (
        "bullet-bold.md",
        "- **Deep Sparse Widgets for Robust Planning under Uncertainty**, Ada Noble and Yi Zed, ICLR 2021 [[paper](https://arxiv.org/abs/2101.00001)] [[code](https://git.example/x)]\n",
    ),
    (
        "bullet-link.md",
        "- [Deep Sparse Widgets for Robust Planning under Uncertainty](https://arxiv.org/abs/2101.00001)\n",
    ),
    (
        "bullet-quoted.md",
        "* **DSW**: \"Deep Sparse Widgets for Robust Planning under Uncertainty\", ICLR, 2021 (*Lab*). [[Paper](https://arxiv.org/abs/2101.00001)]\n",
    ),
    (
        "bullet-date.md",
        "- [2021/01] Deep Sparse Widgets for Robust Planning under Uncertainty. [arXiv](https://arxiv.org/abs/2101.00001)\n",
    ),
    (
        "nested.md",
        "- Deep Sparse Widgets for Robust Planning under Uncertainty\n  - [paper](https://arxiv.org/abs/2101.00001)\n",
    ),
    (
        "heading.md",
        "# Deep Sparse Widgets for Robust Planning under Uncertainty\n\n[[Paper](https://arxiv.org/abs/2101.00001)] Official code.\n",
    ),
    (
        "table.md",
        "| Year | Title | Link |\n|---|---|---|\n| 2021 | Deep Sparse Widgets for Robust Planning under Uncertainty | [pdf](https://arxiv.org/pdf/2101.00001) |\n",
    ),
    (
        "numbered.md",
        "1. Noble, A. and Zed, Y. Deep Sparse Widgets for Robust Planning under Uncertainty. <https://arxiv.org/abs/2101.00001>\n",
    ),
    (
        "apa.txt",
        "References\n\nNoble, A., & Zed, Y. (2021). Deep sparse widgets for robust planning under uncertainty. arXiv preprint arXiv:2101.00001.\n",
    ),
    (
        "ieee.txt",
        "References\n\n[1] A. Noble and Y. Zed, \"Deep sparse widgets for robust planning under uncertainty,\" 2021, arXiv:2101.00001.\n",
    ),
    (
        "acm.txt",
        "[1] Ada Noble and Yi Zed. 2021. Deep Sparse Widgets for Robust Planning under Uncertainty. arXiv:2101.00001 [cs.LG]\n",
    ),
    (
        "elsevier.txt",
        "[1] A. Noble, Y. Zed, Deep Sparse Widgets for Robust Planning under Uncertainty, arXiv preprint arXiv:2101.00001 (2021).\n",
    ),
    (
        "nature.txt",
        "1. Noble, A. & Zed, Y. Deep sparse widgets for robust planning under uncertainty. Preprint at https://arxiv.org/abs/2101.00001 (2021).\n",
    ),
    (
        "vancouver.txt",
        "1. Noble A, Zed Y. Deep sparse widgets for robust planning under uncertainty. arXiv:2101.00001 [Preprint]. 2021.\n",
    ),
    (
        "gbt7714.txt",
        "[1] NOBLE A, ZED Y. Deep Sparse Widgets for Robust Planning under Uncertainty[J]. arXiv preprint arXiv:2101.00001, 2021.\n",
    ),
    (
        "gbt7714-eb.txt",
        "参考文献\n\n[1] NOBLE A, ZED Y. Deep Sparse Widgets for Robust Planning under Uncertainty[EB/OL]. (2021-01-04). https://arxiv.org/abs/2101.00001.\n",
    ),
    (
        "hanging.txt",
        "References\n\nNoble, Ada, and Yi Zed. \"Deep Sparse Widgets for Robust Planning\n    under Uncertainty.\" arXiv preprint arXiv:2101.00001 (2021).\n",
    ),
    (
        "cards.html",
        "<ul><li><div class=\"b\"> Deep Sparse Widgets for Robust Planning under Uncertainty </div><div> Ada Noble, Yi Zed </div><div>ICLR 2021. <a href=\"https://arxiv.org/abs/2101.00001\">Paper</a></div></li></ul>\n",
    ),
    (
        "row.html",
        "<table><tr><td>2021</td><td>Deep Sparse Widgets for Robust Planning under Uncertainty</td><td><a href=\"https://arxiv.org/abs/2101.00001\">pdf</a></td></tr></table>\n",
    ),
    (
        "link.html",
        "<p><a href=\"https://arxiv.org/abs/2101.00001\">Deep Sparse Widgets for Robust Planning under Uncertainty</a></p>\n",
    ),
    (
        "list.org",
        "- [[https://arxiv.org/abs/2101.00001][Deep Sparse Widgets for Robust Planning under Uncertainty]]\n",
    ),
    (
        "list.rst",
        "* Ada Noble and Yi Zed, *Deep Sparse Widgets for Robust Planning under Uncertainty*, `arXiv:2101.00001 <https://arxiv.org/abs/2101.00001>`_\n",
    ),
    (
        "hayagriva.yml",
        "widgets:\n    type: article\n    title: Deep Sparse Widgets for Robust Planning under Uncertainty\n    author: [\"Noble, Ada\", \"Zed, Yi\"]\n    date: 2021\n    url: https://arxiv.org/abs/2101.00001\n",
    ),
    (
        "wiki.txt",
        "{{cite arXiv |last1=Noble |first1=Ada |title=Deep Sparse Widgets for Robust Planning under Uncertainty |eprint=2101.00001 |class=cs.LG |year=2021}}\n",
    ),
    (
        "refs.ris",
        "TY  - JOUR\nAU  - Noble, Ada\nTI  - Deep Sparse Widgets for Robust Planning under Uncertainty\nPY  - 2021\nUR  - https://arxiv.org/abs/2101.00001\nER  - \n",
    ),
    (
        "csl.json",
        "[{\"id\": \"n\", \"type\": \"article\", \"title\": \"Deep Sparse Widgets for Robust Planning under Uncertainty\", \"author\": [{\"family\": \"Noble\", \"given\": \"Ada\"}], \"URL\": \"https://arxiv.org/abs/2101.00001\"}]\n",
    ),
    (
        "citation.cff",
        "references:\n  - type: article\n    title: \"Deep Sparse Widgets for Robust Planning under Uncertainty\"\n    url: \"https://arxiv.org/abs/2101.00001\"\n",
    ),
    (
        "plain.bbl",
        "\\begin{thebibliography}{1}\n\\bibitem{n} A.~Noble and Y.~Zed. Deep sparse widgets for robust planning under uncertainty. \\emph{arXiv preprint arXiv:2101.00001}, 2021.\n\\end{thebibliography}\n",
    ),
    (
        "natbib.bbl",
        "\\bibitem[Noble \\& Zed(2021)]{n}\nNoble, A. and Zed, Y.\n\\newblock Deep sparse widgets for robust planning under uncertainty.\n\\newblock \\emph{arXiv preprint arXiv:2101.00001}, 2021.\n",
    ),
    (
        "apacite.bbl",
        "\\bibitem [\\protect \\citeauthoryear {Noble}{Noble}{{\\protect \\APACyear {2021}}{\\protect \\BCnt {1}}}]{f}\n\\begin{APACrefauthors}%\nNoble, A.%\n\\end{APACrefauthors}%\n\\newblock\n\\APACrefYearMonthDay{2021 \\BCnt 1}{}{}.\n\\newblock\n{\\BBOQ}\\APACrefatitle {Deep Sparse Widgets for Robust Planning under Uncertainty} {Deep Sparse Widgets for Robust Planning under Uncertainty}.{\\BBCQ}\n\\newblock\n\\APACjournalVolNumPages{arXiv preprint arXiv:2101.00001}{}{}{}.\n",
    ),
    (
        "misc.bib",
        "@misc{n, title={Deep Sparse Widgets for Robust Planning under Uncertainty}, author={Noble, Ada and Zed, Yi}, eprint={2101.00001}, archivePrefix={arXiv}, year={2021}}\n",
    ),
];

/// Forms that name the paper by its short name and say what it is, as widely read lists do.
const NAMED: &[(&str, &str)] = &[
    (
        "explained.md",
        "5) **WidgetDream** - a multi-view model that generates consistent images given a text prompt. | [Paper](https://arxiv.org/abs/2101.00001), [Tweet](https://t.example/1)\n",
    ),
    (
        "row.md",
        "| **Paper** | **Links** |\n| --- | --- |\n| 5) **WidgetDream** - a model that can generate consistent images; it leverages pre-trained models. | [Paper](https://arxiv.org/abs/2101.00001) |\n",
    ),
];

/// A machine whose library has this paper under the number of the forms.
fn machine(title: &str, authors: &[&str]) -> Machine {
    let mut machine = Machine::new();
    machine.set("ARXCAT_OFFLINE", "1");
    let authors: Vec<_> = authors.iter().map(|name| json!({ "name": name })).collect();
    let record = json!({ "id": "2101.00001", "version": 1, "title": title, "authors": authors, "published": "2021-01-04" });
    machine.write("record.jsonl", format!("{record}\n"));
    machine.run(&["import", "record.jsonl"]).ok();
    machine
}

/// The verdicts of each form, all files checked by one command.
fn verdicts(machine: &Machine, forms: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let mut args = vec!["check", "--every", "--json"];
    for (name, content) in forms {
        machine.write(name, content);
        args.push(name);
    }
    let findings = machine.run(&args).json();
    let of_form = |name: &str| {
        let own = findings.iter().filter(|one| one["place"]["file"] == name);
        own.map(|one| one["verdict"].as_str().unwrap().to_owned())
            .collect()
    };
    forms
        .iter()
        .map(|(name, _)| ((*name).to_owned(), of_form(name)))
        .collect()
}

/// Fails for each form that has another verdict than this one.
#[track_caller]
fn assert_all(machine: &Machine, forms: &[(&str, &str)], expected: &str) {
    let mut wrong = String::new();
    for (name, found) in verdicts(machine, forms) {
        // A link whose text is the identifier too may count twice.
        if found.is_empty() || found.iter().any(|one| one != expected) {
            writeln!(wrong, "{name}: {found:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "not {expected}:\n{wrong}");
}

#[test]
fn a_true_citation_is_right_in_every_form() {
    assert_all(&machine(TITLE, &["Ada Noble", "Yi Zed"]), FORMS, "ok");
}

#[test]
fn a_wrong_number_is_found_in_every_form() {
    assert_all(
        &machine("Quenched disorder in spin ladders", &["Ola Far"]),
        FORMS,
        "wrong_paper",
    );
}

#[test]
fn a_short_name_with_an_explanation_is_the_paper() {
    let own = machine(
        "WidgetDream: Multi-view Diffusion for 3D Generation",
        &["Ola Far"],
    );
    assert_all(&own, NAMED, "ok");
    assert_all(
        &machine("Quenched disorder in spin ladders", &["Jo Moss"]),
        NAMED,
        "wrong_paper",
    );
}

#[test]
fn prose_never_accuses() {
    let machine = machine("Quenched disorder in spin ladders", &["Ola Far"]);
    machine.write(
        "prose.md",
        "We build on a long line of work on planning with widgets under uncertainty (see arXiv:2101.00001 and the \
         references therein), which the community has refined ever since, and we thank everybody who took part in it.\n",
    );
    let ended = machine.run(&["check", "--every", "prose.md"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
}

#[test]
fn a_second_identifier_in_an_item_is_not_accused_of_the_first_ones_title() {
    let machine = machine("Quenched disorder in spin ladders", &["Ola Far"]);
    let forms = [(
        "see-also.md",
        "- [Widgets for the Robust Planning of Long Voyages](https://example.org/x), arXiv:2101.00002, see also arXiv:2101.00001\n",
    )];
    let found = verdicts(&machine, &forms);
    assert_eq!(found[0].1, ["undecided", "unclaimed"]);
}
