//! Claims compared with records: a true citation is never reported, a false one is.

use arxcat::catalog::Catalog;
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper};
use arxcat::refs::compare::{Agreement, TitleIndex, compare, names};
use arxcat::refs::document::Claim;
use proptest::prelude::*;

fn record(title: &str) -> Paper {
    let mut paper = Paper::new(ArxivId::parse("1706.00001").unwrap(), title);
    paper.published = Stamp::parse("2017-06-12");
    paper.updated = Stamp::parse("2019-02-01");
    paper
}

fn by(title: &str, authors: &[&str]) -> Paper {
    let author = |name: &&str| Author {
        name: (*name).to_owned(),
        affiliations: Vec::new(),
    };
    let mut paper = record(title);
    paper.authors = authors.iter().map(author).collect();
    paper
}

fn claim(title: &str) -> Claim {
    Claim {
        title: Some(title.to_owned()),
        certain: true,
        ..Claim::default()
    }
}

fn nearby(title: &str) -> Claim {
    Claim {
        certain: false,
        ..claim(title)
    }
}

fn entry(title: &str, authors: &[&str], year: i32) -> Claim {
    Claim {
        authors: authors.iter().map(|&name| name.to_owned()).collect(),
        year: Some(year),
        ..claim(title)
    }
}

fn of_catalog(id: &str) -> Paper {
    let catalog = Catalog::built_in().unwrap();
    catalog.get(ArxivId::parse(id).unwrap()).unwrap().clone()
}

#[test]
fn spelling_does_not_count() {
    for (claimed, recorded) in [
        ("attention is ALL you need.", "Attention Is All You Need"),
        ("{Attention} Is All {Y}ou Need", "Attention is all you need"),
        (r#"Schr\"{o}dinger's Cat: A Study"#, "Schrödinger's Cat: a study"),
        (
            "Pre-training of Bidirectional Models",
            "Pretraining of Bidirectional Models",
        ),
        ("An $L^2$ Bound", "An L2 Bound"),
        ("Mixture of Experts — Revisited", "Mixture-of-Experts: Revisited"),
        (
            "“Why Should I Trust You?”: Explaining",
            "\"Why Should I Trust You?\": Explaining",
        ),
        ("大语言模型的稀疏注意力", "大语言模型的稀疏注意力：一个研究"),
    ] {
        assert_eq!(
            compare(&claim(claimed), &record(recorded)),
            Agreement::Same,
            "{claimed}"
        );
    }
}

#[test]
fn short_forms_are_the_paper() {
    for (claimed, recorded) in [
        ("DeepSeek-V3", "DeepSeek-V3 Technical Report"),
        (
            "DeepSeekLLM",
            "DeepSeek LLM: Scaling Open-Source Language Models with Longtermism",
        ),
        ("Bert", "BERT: Pre-training of Deep Bidirectional Transformers"),
        (
            "Pre-training of Deep Bidirectional Transformers",
            "BERT: Pre-training of Deep Bidirectional Transformers",
        ),
        ("NSA", "Native Sparse Attention: Hardware-Aligned"),
        ("The Llama 3 Herd of Models (PDF)", "The Llama 3 Herd of Models"),
        (
            "Vaswani et al., Attention Is All You Need, NeurIPS 2017",
            "Attention Is All You Need",
        ),
        ("DeepSeek-V3 技术报告", "DeepSeek-V3 Technical Report"),
        ("论文：DeepSeek-V3", "DeepSeek-V3 Technical Report"),
    ] {
        assert_eq!(
            compare(&claim(claimed), &record(recorded)),
            Agreement::Same,
            "{claimed}"
        );
    }
    for (claimed, id) in [
        ("R1", "2501.12948"),
        ("ESFT", "2407.01906"),
        ("Loss-Free Balancing", "2408.15664"),
        ("Engram", "2601.07372"),
        ("DeepSeek-GRM", "2504.02495"),
        ("Let the Expert Stick to His Last", "2407.01906"),
    ] {
        assert_eq!(
            compare(&claim(claimed), &of_catalog(id)),
            Agreement::Same,
            "{claimed}"
        );
        assert!(names(&claim(claimed), &of_catalog(id)), "{claimed}");
    }
}

#[test]
fn what_is_not_surely_another_title_is_not_accused() {
    let t5 = "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer";
    let v2 = "DeepSeek-V2: A Strong, Economical, and Efficient Mixture-of-Experts Language Model";
    for (claim, recorded) in [
        (claim("T5"), t5),
        (
            claim("OPT-1.3|6.7|13|30|66B"),
            "OPT: Open Pre-trained Transformer Language Models",
        ),
        (claim("OPT-1.3|6.7|13|30|66B"), t5),
        (claim("DeepSeek-v2-236B-MoE"), v2),
        (claim("earlier work on the scaling of models"), t5),
        (claim("论文链接🔗"), t5),
        (claim("注意力就是你所需要的一切"), "Attention Is All You Need"),
        (claim("paper"), t5),
        (nearby("as Smith and others showed long ago"), t5),
        (
            claim("Deep Bidirectional Transformers"),
            "BERT: Pre-training of Deep Bidirectional Transformers",
        ),
        (claim("[My notes on DeepSeek-V2 training]"), v2),
        (Claim::default(), t5),
    ] {
        let found = compare(&claim, &record(recorded));
        assert!(
            matches!(found, Agreement::Unclaimed | Agreement::Loose | Agreement::Same),
            "{claim:?}: {found:?}"
        );
    }
    let mut mentions = record("Training language models to follow instructions with human feedback");
    mentions.abstract_ = Some("The resulting models, InstructGPT, ...".to_owned());
    assert_eq!(compare(&claim("InstructGPT"), &mentions), Agreement::Loose);
}

#[test]
fn a_whole_title_of_another_paper_is_another_paper() {
    let playlists = by(
        "LARP: Language Audio Relational Pre-training for Cold-Start Playlist Continuation",
        &["Rebecca Salganik", "Xiaohao Liu"],
    );
    for claim in [
        claim("Attention Is All You Need"),
        claim("Let the Expert Stick to His Last"),
        entry(
            "attention is all you need",
            &["Vaswani, Ashish", "Shazeer, Noam"],
            2017,
        ),
        entry("Adam", &["Diederik P. Kingma", "Jimmy Ba"], 2014),
    ] {
        assert_eq!(compare(&claim, &playlists), Agreement::Other, "{claim:?}");
    }
    let by_one_of_them = entry("Attention Is All You Need", &["Liu, Xiaohao"], 2017);
    assert_eq!(
        compare(&by_one_of_them, &playlists),
        Agreement::Other,
        "people write many"
    );
}

#[test]
fn what_is_a_little_off_is_said() {
    let paper = by(
        "Attention Is All You Need",
        &["Ashish Vaswani", "Łukasz Kaiser", "María José Núñez"],
    );
    let off = |claim: &Claim| match compare(claim, &paper) {
        Agreement::Off(sentences) => sentences.join("; "),
        other => panic!("{claim:?}: {other:?}"),
    };
    assert_eq!(
        off(&claim("Attention Is All We Need")),
        "the title is \"Attention Is All You Need\", not \"Attention Is All We Need\""
    );
    assert_eq!(
        off(&entry(
            "Attention Is All You Need",
            &["Vaswani, Ashish", "Hinton, Geoffrey"],
            2017
        )),
        "\"Hinton, Geoffrey\" is not among its authors"
    );
    assert_eq!(
        off(&entry("Attention Is All You Need", &["Ashish Vaswani"], 2012)),
        "it was first submitted in 2017, not 2012"
    );
    for year in 2016..=2021 {
        let right = entry(
            "Attention Is All You Need",
            &["Vaswani, A.", "L. Kaiser", "Nunez, M. J.", "others"],
            year,
        );
        assert_eq!(compare(&right, &paper), Agreement::Same, "{year}");
    }
    for names in [
        &["Vaswani et al."][..],
        &["OpenAI"],
        &["阿希什"],
        &["Kaiser Łukasz"],
        &[r"N\'u\~nez, Mar\'ia Jos\'e"],
    ] {
        assert_eq!(
            compare(&entry("Attention Is All You Need", names, 2017), &paper),
            Agreement::Same,
            "{names:?}"
        );
    }
}

const LLAMA: (&str, &[&str]) = (
    "LLaMA: Open and Efficient Foundation Language Models",
    &["Hugo Touvron", "Thibaut Lavril"],
);
const FLASH: (&str, &[&str]) = (
    "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",
    &["Tri Dao", "Daniel Y. Fu"],
);
const RESNET: (&str, &[&str]) = (
    "Deep Residual Learning for Image Recognition",
    &["Kaiming He", "Xiangyu Zhang", "Shaoqing Ren", "Jian Sun"],
);
const BERT: (&str, &[&str]) = (
    "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    &[
        "Jacob Devlin",
        "Ming-Wei Chang",
        "Kenton Lee",
        "Kristina Toutanova",
    ],
);
const ADAM: (&str, &[&str]) = (
    "Adam: A Method for Stochastic Optimization",
    &["Diederik P. Kingma", "Jimmy Ba"],
);
const ATTENTION: (&str, &[&str]) = ("Attention Is All You Need", &["Ashish Vaswani", "Noam Shazeer"]);
const GPT4: (&str, &[&str]) = ("GPT-4 Technical Report", &["OpenAI"]);
const V3: (&str, &[&str]) = ("DeepSeek-V3 Technical Report", &["DeepSeek-AI", "Aixin Liu"]);
const R1: (&str, &[&str]) = (
    "DeepSeek-R1: Incentivizing Reasoning Capability in LLMs via Reinforcement Learning",
    &["DeepSeek-AI", "Daya Guo"],
);

/// What becomes of a title and authors claimed of a record.
fn of((recorded, known): (&str, &[&str]), title: &str, authors: &[&str]) -> Agreement {
    compare(&entry(title, authors, 2018), &by(recorded, known))
}

#[test]
fn another_paper_of_the_same_name_or_people_is_another_paper() {
    for (record, title, authors) in [
        (
            LLAMA,
            "Llama 2: Open Foundation and Fine-Tuned Chat Models",
            &["Touvron, Hugo"][..],
        ),
        (LLAMA, "Llama 3", &["Touvron, Hugo"]),
        (
            FLASH,
            "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning",
            &["Dao, Tri"],
        ),
        (
            RESNET,
            "Mask R-CNN",
            &[
                "He, Kaiming",
                "Gkioxari, Georgia",
                "Doll{\\'a}r, Piotr",
                "Girshick, Ross",
            ],
        ),
        (RESNET, "Mask R-CNN", &["He", "Gkioxari", "Dollar", "Girshick"]),
        (
            RESNET,
            "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks",
            &["Ren, Shaoqing", "He, Kaiming", "Girshick, Ross", "Sun, Jian"],
        ),
        (
            RESNET,
            "Identity Mappings in Deep Residual Networks",
            &["He, Kaiming"],
        ),
        (GPT4, "GPT-5 Technical Report", &["OpenAI"]),
        (GPT4, "GPT-3 Technical Report", &["OpenAI"]),
        (V3, "DeepSeek-V9 Technical Report", &["DeepSeek-AI"]),
        (V3, "DeepSeek-V9 Technical Report", &[]),
        (V3, "DeepSeek-V3.2", &[]),
        (R1, "DeepSeek-R2", &[]),
        (ATTENTION, "Quantum Cooking of Fish", &["Vaswani, Ashish"]),
        (
            ATTENTION,
            "Attention Is All You Need in Speech Separation",
            &["Subakan, Cem"],
        ),
        (
            BERT,
            "RoBERTa: A Robustly Optimized BERT Pretraining Approach",
            &["Liu, Yinhan"],
        ),
        (
            ADAM,
            "On the Convergence of Adam and Beyond",
            &["Reddi, Sashank J."],
        ),
        (LLAMA, "The Llama 3 Herd of Models", &["Dubey, Abhimanyu"]),
        (LLAMA, "The Llama 3 Herd of Models", &["Grattafiori, Aaron"]),
        (("中文标题：深度学习", &["Li Wei"]), "另一篇论文：机器学习", &[]),
    ] {
        assert_eq!(
            of(record, title, authors),
            Agreement::Other,
            "{title} / {}",
            record.0
        );
    }
}

#[test]
fn a_name_with_another_explanation_or_author_is_off() {
    for (record, title, authors) in [
        (LLAMA, "LLaMA: Cooking with Llamas", &["Touvron, Hugo"][..]),
        (LLAMA, "LLaMA: Cooking with Llamas", &[]),
        (V3, "DeepSeek-V3: A Cookbook", &[]),
        (
            BERT,
            "BERT: Something else entirely about Sesame Street",
            &["Devlin, Jacob"],
        ),
        (ATTENTION, "Attention", &["X, Y"]),
        (ATTENTION, "Attention Is All You Want", &["Vaswani, Ashish"]),
        (
            LLAMA,
            "LLaMA 7: Open and Efficient Foundation Language Models",
            &["Touvron, Hugo"],
        ),
    ] {
        let found = of(record, title, authors);
        assert!(
            matches!(found, Agreement::Off(_)),
            "{title} / {}: {found:?}",
            record.0
        );
    }
    let late = compare(&entry(ATTENTION.0, &[], 2022), &by(ATTENTION.0, ATTENTION.1));
    assert!(matches!(late, Agreement::Off(_)), "{late:?}");
    let cookbook = compare(&claim("DeepSeek-V3: A Cookbook"), &of_catalog("2412.19437"));
    assert!(matches!(cookbook, Agreement::Off(_)), "{cookbook:?}");
}

#[test]
fn true_citations_are_not_accused() {
    let atlas = (
        "Observation of a new particle in the search",
        &["ATLAS Collaboration"][..],
    );
    let waves = (
        "Observation of Gravitational Waves from a Binary Black Hole Merger",
        &["LIGO Scientific Collaboration", "Virgo Collaboration"][..],
    );
    let vit = (
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        &["Alexey Dosovitskiy"][..],
    );
    let gpt3 = ("Language Models are Few-Shot Learners", &["Tom B. Brown"][..]);
    let t5 = (
        "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer",
        &["Colin Raffel"][..],
    );
    for (record, title, authors) in [
        (atlas, atlas.0, &["Aad, G.", "others"][..]),
        (waves, waves.0, &["Abbott, B. P.", "others"]),
        (
            vit,
            r"An Image is Worth 16$\times$16 Words: Transformers for Image Recognition at Scale",
            &["Dosovitskiy, Alexey"],
        ),
        (
            vit,
            "An Image is Worth 16×16 Words: Transformers for Image Recognition at Scale",
            &[],
        ),
        (vit, "Vision Transformer", &["Dosovitskiy, Alexey"]),
        (gpt3, "GPT-3", &["Brown, Tom"]),
        (t5, "T5", &["Raffel, Colin"]),
        (GPT4, "GPT-4", &["Achiam, Josh"]),
        (LLAMA, "LLaMA", &["Touvron, Hugo"]),
        (LLAMA, "LLaMA-65B", &[]),
        (
            LLAMA,
            "Open and Efficient Foundation Language Models",
            &["Touvron et al."],
        ),
        (
            ATTENTION,
            "A. Vaswani et al., Attention Is All You Need, NeurIPS, 2017",
            &["Vaswani, A."],
        ),
        (
            RESNET,
            "Proceedings of the IEEE Conference on Computer Vision",
            &["He, Kaiming"],
        ),
        (
            RESNET,
            "Advances in Neural Information Processing Systems",
            &["He, Kaiming"],
        ),
        (
            RESNET,
            "IEEE Transactions on Pattern Analysis and Machine Intelligence",
            &[],
        ),
        (RESNET, "In Proceedings of CVPR and the rest", &[]),
        (
            RESNET,
            "Journal of Machine Learning Research",
            &["Hinton, Geoffrey"],
        ),
        (BERT, "BERT - NAACL 2019", &["Devlin, Jacob"]),
        (BERT, "BERT: 2018", &[]),
        (BERT, "BERT 2018", &[]),
        (BERT, "BERT [3]", &[]),
        (V3, "DeepSeek-V3 (2024)", &[]),
        (V3, "DeepSeek-V3 - Hugging Face", &[]),
        (V3, "DeepSeek-V3 2412.19437", &[]),
        (LLAMA, "LLaMA-7|13|33|65", &[]),
        (LLAMA, "LLaMA-65", &[]),
        (LLAMA, "LLaMA 1", &["Touvron, Hugo"]),
        (RESNET, "Project Page", &["He, Kaiming"]),
        (RESNET, "Nature", &["Hinton, Geoffrey"]),
    ] {
        let found = of(record, title, authors);
        assert!(
            matches!(found, Agreement::Unclaimed | Agreement::Loose | Agreement::Same),
            "{title} / {}: {found:?}",
            record.0
        );
    }
    let cited = "DeepSeek-AI, DeepSeek-V3, see the report of December";
    let found = compare(&claim(cited), &of_catalog("2412.19437"));
    assert!(matches!(found, Agreement::Loose | Agreement::Same), "{found:?}");
}

#[test]
fn siblings_are_told_apart_by_their_names() {
    let mut known = TitleIndex::default();
    let catalog = Catalog::built_in().unwrap();
    catalog.papers.iter().for_each(|paper| known.add(paper));
    let found = |title: &str, telling| known.find(&claim(title), telling).map(|id| id.to_string());
    for (title, id) in [
        ("DeepSeek-Prover", "2405.14333"),
        ("DeepSeek-Prover 👉", "2405.14333"),
        ("DeepSeek Prover V1.5", "2408.08152"),
        ("DeepSeek-V3", "2412.19437"),
        ("DeepSeek-V3.2", "2512.02556"),
        ("DeepSeekLLM", "2401.02954"),
        ("DeepSeek-V3 technical report", "2412.19437"),
        (
            "Fire-Flyer AI-HPC: a cost-effective software-hardware co-design for deep learning",
            "2408.14158",
        ),
    ] {
        assert_eq!(found(title, true).as_deref(), Some(id), "{title}");
    }
    assert_eq!(found("Janus", false).as_deref(), Some("2410.13848"));
    assert_eq!(found("Janus", true), None, "many things are called so");
    assert_eq!(found("DeepSeek", false), None);
    assert_eq!(found("R1", false), None);
    assert_eq!(found("技术报告", false), None);
    let within =
        claim("DeepSeek-AI. DeepSeek LLM: Scaling Open-Source Language Models with Longtermism. 2024");
    assert_eq!(known.find_within(&within).unwrap().to_string(), "2401.02954");
    assert!(!names(&claim("DeepSeek-V3"), &of_catalog("2512.02556")));
    assert!(!names(&claim("Janus"), &of_catalog("2501.17811")));
}

#[test]
fn every_paper_of_the_catalog_is_itself_and_no_other() {
    let catalog = Catalog::built_in().unwrap();
    let mut known = TitleIndex::default();
    catalog.papers.iter().for_each(|paper| known.add(paper));
    for paper in &catalog.papers {
        let names: Vec<String> = paper.authors.iter().map(|author| author.name.clone()).collect();
        let whole = Claim {
            authors: names,
            year: paper
                .published
                .and_then(|stamp| stamp.to_string().get(..4)?.parse().ok()),
            ..claim(&paper.title)
        };
        assert_eq!(compare(&whole, paper), Agreement::Same, "{}", paper.title);
        assert_eq!(known.find(&whole, false), Some(paper.id), "{}", paper.title);
        for other in catalog.papers.iter().filter(|other| other.id != paper.id) {
            assert_ne!(
                compare(&claim(&paper.title), other),
                Agreement::Same,
                "{} / {}",
                paper.title,
                other.title
            );
        }
    }
}

proptest! {
    #[test]
    fn a_title_agrees_with_itself_however_it_is_spelt(
        words in proptest::collection::vec("[A-Za-z]{2,9}", 2..12),
        upper in any::<bool>(),
        glue in prop::sample::select(vec![" ", "  ", "-", "\n ", " — ", ": "]),
        subtitle in prop::option::of("[A-Z][a-z]{3,9}( [a-z]{2,9}){1,5}"),
    ) {
        let claimed = words.join(glue);
        let claimed = if upper { claimed.to_uppercase() } else { claimed };
        let mut recorded = words.join(" ");
        if let Some(subtitle) = subtitle {
            recorded = format!("{recorded}: {subtitle}");
        }
        let found = compare(&claim(&claimed), &record(&recorded));
        prop_assert!(matches!(found, Agreement::Same), "{claimed} / {recorded}: {found:?}");
    }

    #[test]
    fn any_claim_can_be_held_against_any_record(
        title in any::<String>(), recorded in any::<String>(),
        authors in proptest::collection::vec(any::<String>(), 0..4),
        known in proptest::collection::vec(any::<String>(), 0..4),
        year in proptest::option::of(any::<i32>()), certain in any::<bool>(),
    ) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let paper = by(&recorded, &known);
        let claim = Claim { title: Some(title), authors, year, certain, ..Claim::default() };
        let found = compare(&claim, &paper);
        prop_assert!(certain || !matches!(found, Agreement::Other | Agreement::Off(_)));
        let mut all = TitleIndex::default();
        all.add(&paper);
        let _ = (all.find(&claim, false), all.find_within(&claim));
    }
}
