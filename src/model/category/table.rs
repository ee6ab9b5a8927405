//! The table of arXiv's taxonomy, as of June 2026 (arxiv-base's `taxonomy/definitions.py`): data and nothing else.

use super::{Archive, ArchiveGroup, Category};

/// By code, which is also the order of the codes in lower case.
#[rustfmt::skip]
pub(super) static CATEGORIES: &[Category] = &[
    closed("acc-phys", "Accelerator Physics", "acc-phys", "physics", "physics:acc-phys").subsumed_into("physics.acc-ph"),
    closed("adap-org", "Adaptation, Noise, and Self-Organizing Systems", "adap-org", "physics", "physics:adap-org").subsumed_into("nlin.AO"),
    closed("alg-geom", "Algebraic Geometry", "alg-geom", "math", "math:alg-geom").subsumed_into("math.AG"),
    closed("ao-sci", "Atmospheric-Oceanic Sciences", "ao-sci", "physics", "physics:ao-sci").subsumed_into("physics.ao-ph"),
    closed("astro-ph", "Astrophysics", "astro-ph", "physics", "physics:astro-ph"),
    open("astro-ph.CO", "Cosmology and Nongalactic Astrophysics", "astro-ph", "physics", "physics:astro-ph:CO"),
    open("astro-ph.EP", "Earth and Planetary Astrophysics", "astro-ph", "physics", "physics:astro-ph:EP"),
    open("astro-ph.GA", "Astrophysics of Galaxies", "astro-ph", "physics", "physics:astro-ph:GA"),
    open("astro-ph.HE", "High Energy Astrophysical Phenomena", "astro-ph", "physics", "physics:astro-ph:HE"),
    open("astro-ph.IM", "Instrumentation and Methods for Astrophysics", "astro-ph", "physics", "physics:astro-ph:IM"),
    open("astro-ph.SR", "Solar and Stellar Astrophysics", "astro-ph", "physics", "physics:astro-ph:SR"),
    closed("atom-ph", "Atomic, Molecular and Optical Physics", "atom-ph", "physics", "physics:atom-ph").subsumed_into("physics.atom-ph"),
    closed("bayes-an", "Bayesian Analysis", "bayes-an", "physics", "physics:bayes-an").subsumed_into("physics.data-an"),
    closed("chao-dyn", "Chaotic Dynamics", "chao-dyn", "physics", "physics:chao-dyn").subsumed_into("nlin.CD"),
    closed("chem-ph", "Chemical Physics", "chem-ph", "physics", "physics:chem-ph").subsumed_into("physics.chem-ph"),
    closed("cmp-lg", "Computation and Language", "cmp-lg", "cs", "cs:cmp-lg").subsumed_into("cs.CL"),
    closed("comp-gas", "Cellular Automata and Lattice Gases", "comp-gas", "physics", "physics:comp-gas").subsumed_into("nlin.CG"),
    closed("cond-mat", "Condensed Matter", "cond-mat", "physics", "physics:cond-mat"),
    open("cond-mat.dis-nn", "Disordered Systems and Neural Networks", "cond-mat", "physics", "physics:cond-mat:dis-nn"),
    open("cond-mat.mes-hall", "Mesoscale and Nanoscale Physics", "cond-mat", "physics", "physics:cond-mat:mes-hall"),
    open("cond-mat.mtrl-sci", "Materials Science", "cond-mat", "physics", "physics:cond-mat:mtrl-sci").also("mtrl-th"),
    open("cond-mat.other", "Other Condensed Matter", "cond-mat", "physics", "physics:cond-mat:other"),
    open("cond-mat.quant-gas", "Quantum Gases", "cond-mat", "physics", "physics:cond-mat:quant-gas"),
    open("cond-mat.soft", "Soft Condensed Matter", "cond-mat", "physics", "physics:cond-mat:soft"),
    open("cond-mat.stat-mech", "Statistical Mechanics", "cond-mat", "physics", "physics:cond-mat:stat-mech"),
    open("cond-mat.str-el", "Strongly Correlated Electrons", "cond-mat", "physics", "physics:cond-mat:str-el"),
    open("cond-mat.supr-con", "Superconductivity", "cond-mat", "physics", "physics:cond-mat:supr-con").also("supr-con"),
    open("cs.AI", "Artificial Intelligence", "cs", "cs", "cs:cs:AI"),
    open("cs.AR", "Hardware Architecture", "cs", "cs", "cs:cs:AR"),
    open("cs.CC", "Computational Complexity", "cs", "cs", "cs:cs:CC"),
    open("cs.CE", "Computational Engineering, Finance, and Science", "cs", "cs", "cs:cs:CE"),
    open("cs.CG", "Computational Geometry", "cs", "cs", "cs:cs:CG"),
    open("cs.CL", "Computation and Language", "cs", "cs", "cs:cs:CL").also("cmp-lg"),
    open("cs.CR", "Cryptography and Security", "cs", "cs", "cs:cs:CR"),
    open("cs.CV", "Computer Vision and Pattern Recognition", "cs", "cs", "cs:cs:CV"),
    open("cs.CY", "Computers and Society", "cs", "cs", "cs:cs:CY"),
    open("cs.DB", "Databases", "cs", "cs", "cs:cs:DB"),
    open("cs.DC", "Distributed, Parallel, and Cluster Computing", "cs", "cs", "cs:cs:DC"),
    open("cs.DL", "Digital Libraries", "cs", "cs", "cs:cs:DL"),
    open("cs.DM", "Discrete Mathematics", "cs", "cs", "cs:cs:DM"),
    open("cs.DS", "Data Structures and Algorithms", "cs", "cs", "cs:cs:DS"),
    open("cs.ET", "Emerging Technologies", "cs", "cs", "cs:cs:ET"),
    open("cs.FL", "Formal Languages and Automata Theory", "cs", "cs", "cs:cs:FL"),
    open("cs.GL", "General Literature", "cs", "cs", "cs:cs:GL"),
    open("cs.GR", "Graphics", "cs", "cs", "cs:cs:GR"),
    open("cs.GT", "Computer Science and Game Theory", "cs", "cs", "cs:cs:GT"),
    open("cs.HC", "Human-Computer Interaction", "cs", "cs", "cs:cs:HC"),
    open("cs.IR", "Information Retrieval", "cs", "cs", "cs:cs:IR"),
    open("cs.IT", "Information Theory", "cs", "cs", "cs:cs:IT").also("math.IT"),
    open("cs.LG", "Machine Learning", "cs", "cs", "cs:cs:LG"),
    open("cs.LO", "Logic in Computer Science", "cs", "cs", "cs:cs:LO"),
    open("cs.MA", "Multiagent Systems", "cs", "cs", "cs:cs:MA"),
    open("cs.MM", "Multimedia", "cs", "cs", "cs:cs:MM"),
    open("cs.MS", "Mathematical Software", "cs", "cs", "cs:cs:MS"),
    open("cs.NA", "Numerical Analysis", "cs", "cs", "cs:cs:NA").alias_of("math.NA"),
    open("cs.NE", "Neural and Evolutionary Computing", "cs", "cs", "cs:cs:NE"),
    open("cs.NI", "Networking and Internet Architecture", "cs", "cs", "cs:cs:NI"),
    open("cs.OH", "Other Computer Science", "cs", "cs", "cs:cs:OH").general(),
    open("cs.OS", "Operating Systems", "cs", "cs", "cs:cs:OS"),
    open("cs.PF", "Performance", "cs", "cs", "cs:cs:PF"),
    open("cs.PL", "Programming Languages", "cs", "cs", "cs:cs:PL"),
    open("cs.RO", "Robotics", "cs", "cs", "cs:cs:RO"),
    open("cs.SC", "Symbolic Computation", "cs", "cs", "cs:cs:SC"),
    open("cs.SD", "Sound", "cs", "cs", "cs:cs:SD"),
    open("cs.SE", "Software Engineering", "cs", "cs", "cs:cs:SE"),
    open("cs.SI", "Social and Information Networks", "cs", "cs", "cs:cs:SI"),
    open("cs.SY", "Systems and Control", "cs", "cs", "cs:cs:SY").alias_of("eess.SY"),
    closed("dg-ga", "Differential Geometry", "dg-ga", "math", "math:dg-ga").subsumed_into("math.DG"),
    open("econ.EM", "Econometrics", "econ", "econ", "econ:econ:EM"),
    open("econ.GN", "General Economics", "econ", "econ", "econ:econ:GN").also("q-fin.EC").general(),
    open("econ.TH", "Theoretical Economics", "econ", "econ", "econ:econ:TH"),
    open("eess.AS", "Audio and Speech Processing", "eess", "eess", "eess:eess:AS"),
    open("eess.IV", "Image and Video Processing", "eess", "eess", "eess:eess:IV"),
    open("eess.SP", "Signal Processing", "eess", "eess", "eess:eess:SP"),
    open("eess.SY", "Systems and Control", "eess", "eess", "eess:eess:SY").also("cs.SY"),
    closed("funct-an", "Functional Analysis", "funct-an", "math", "math:funct-an").subsumed_into("math.FA"),
    open("gr-qc", "General Relativity and Quantum Cosmology", "gr-qc", "physics", "physics:gr-qc"),
    open("hep-ex", "High Energy Physics - Experiment", "hep-ex", "physics", "physics:hep-ex"),
    open("hep-lat", "High Energy Physics - Lattice", "hep-lat", "physics", "physics:hep-lat"),
    open("hep-ph", "High Energy Physics - Phenomenology", "hep-ph", "physics", "physics:hep-ph"),
    open("hep-th", "High Energy Physics - Theory", "hep-th", "physics", "physics:hep-th"),
    open("math-ph", "Mathematical Physics", "math-ph", "physics", "physics:math-ph").also("math.MP"),
    open("math.AC", "Commutative Algebra", "math", "math", "math:math:AC"),
    open("math.AG", "Algebraic Geometry", "math", "math", "math:math:AG").also("alg-geom"),
    open("math.AP", "Analysis of PDEs", "math", "math", "math:math:AP"),
    open("math.AT", "Algebraic Topology", "math", "math", "math:math:AT"),
    open("math.CA", "Classical Analysis and ODEs", "math", "math", "math:math:CA"),
    open("math.CO", "Combinatorics", "math", "math", "math:math:CO"),
    open("math.CT", "Category Theory", "math", "math", "math:math:CT"),
    open("math.CV", "Complex Variables", "math", "math", "math:math:CV"),
    open("math.DG", "Differential Geometry", "math", "math", "math:math:DG").also("dg-ga"),
    open("math.DS", "Dynamical Systems", "math", "math", "math:math:DS"),
    open("math.FA", "Functional Analysis", "math", "math", "math:math:FA").also("funct-an"),
    open("math.GM", "General Mathematics", "math", "math", "math:math:GM").general(),
    open("math.GN", "General Topology", "math", "math", "math:math:GN"),
    open("math.GR", "Group Theory", "math", "math", "math:math:GR"),
    open("math.GT", "Geometric Topology", "math", "math", "math:math:GT"),
    open("math.HO", "History and Overview", "math", "math", "math:math:HO"),
    open("math.IT", "Information Theory", "math", "math", "math:math:IT").alias_of("cs.IT"),
    open("math.KT", "K-Theory and Homology", "math", "math", "math:math:KT"),
    open("math.LO", "Logic", "math", "math", "math:math:LO"),
    open("math.MG", "Metric Geometry", "math", "math", "math:math:MG"),
    open("math.MP", "Mathematical Physics", "math", "math", "math:math:MP").alias_of("math-ph"),
    open("math.NA", "Numerical Analysis", "math", "math", "math:math:NA").also("cs.NA"),
    open("math.NT", "Number Theory", "math", "math", "math:math:NT"),
    open("math.OA", "Operator Algebras", "math", "math", "math:math:OA"),
    open("math.OC", "Optimization and Control", "math", "math", "math:math:OC"),
    open("math.PR", "Probability", "math", "math", "math:math:PR"),
    open("math.QA", "Quantum Algebra", "math", "math", "math:math:QA").also("q-alg"),
    open("math.RA", "Rings and Algebras", "math", "math", "math:math:RA"),
    open("math.RT", "Representation Theory", "math", "math", "math:math:RT"),
    open("math.SG", "Symplectic Geometry", "math", "math", "math:math:SG"),
    open("math.SP", "Spectral Theory", "math", "math", "math:math:SP"),
    open("math.ST", "Statistics Theory", "math", "math", "math:math:ST").also("stat.TH"),
    closed("mtrl-th", "Materials Theory", "mtrl-th", "physics", "physics:mtrl-th").subsumed_into("cond-mat.mtrl-sci"),
    open("nlin.AO", "Adaptation and Self-Organizing Systems", "nlin", "physics", "physics:nlin:AO").also("adap-org"),
    open("nlin.CD", "Chaotic Dynamics", "nlin", "physics", "physics:nlin:CD").also("chao-dyn"),
    open("nlin.CG", "Cellular Automata and Lattice Gases", "nlin", "physics", "physics:nlin:CG").also("comp-gas"),
    open("nlin.PS", "Pattern Formation and Solitons", "nlin", "physics", "physics:nlin:PS").also("patt-sol"),
    open("nlin.SI", "Exactly Solvable and Integrable Systems", "nlin", "physics", "physics:nlin:SI").also("solv-int"),
    open("nucl-ex", "Nuclear Experiment", "nucl-ex", "physics", "physics:nucl-ex"),
    open("nucl-th", "Nuclear Theory", "nucl-th", "physics", "physics:nucl-th"),
    closed("patt-sol", "Pattern Formation and Solitons", "patt-sol", "physics", "physics:patt-sol").subsumed_into("nlin.PS"),
    open("physics.acc-ph", "Accelerator Physics", "physics", "physics", "physics:physics:acc-ph").also("acc-phys"),
    open("physics.ao-ph", "Atmospheric and Oceanic Physics", "physics", "physics", "physics:physics:ao-ph").also("ao-sci"),
    open("physics.app-ph", "Applied Physics", "physics", "physics", "physics:physics:app-ph"),
    open("physics.atm-clus", "Atomic and Molecular Clusters", "physics", "physics", "physics:physics:atm-clus"),
    open("physics.atom-ph", "Atomic Physics", "physics", "physics", "physics:physics:atom-ph").also("atom-ph"),
    open("physics.bio-ph", "Biological Physics", "physics", "physics", "physics:physics:bio-ph"),
    open("physics.chem-ph", "Chemical Physics", "physics", "physics", "physics:physics:chem-ph").also("chem-ph"),
    open("physics.class-ph", "Classical Physics", "physics", "physics", "physics:physics:class-ph"),
    open("physics.comp-ph", "Computational Physics", "physics", "physics", "physics:physics:comp-ph"),
    open("physics.data-an", "Data Analysis, Statistics and Probability", "physics", "physics", "physics:physics:data-an").also("bayes-an"),
    open("physics.ed-ph", "Physics Education", "physics", "physics", "physics:physics:ed-ph"),
    open("physics.flu-dyn", "Fluid Dynamics", "physics", "physics", "physics:physics:flu-dyn"),
    open("physics.gen-ph", "General Physics", "physics", "physics", "physics:physics:gen-ph").general(),
    open("physics.geo-ph", "Geophysics", "physics", "physics", "physics:physics:geo-ph"),
    open("physics.hist-ph", "History and Philosophy of Physics", "physics", "physics", "physics:physics:hist-ph"),
    open("physics.ins-det", "Instrumentation and Detectors", "physics", "physics", "physics:physics:ins-det"),
    open("physics.med-ph", "Medical Physics", "physics", "physics", "physics:physics:med-ph"),
    open("physics.optics", "Optics", "physics", "physics", "physics:physics:optics"),
    open("physics.plasm-ph", "Plasma Physics", "physics", "physics", "physics:physics:plasm-ph").also("plasm-ph"),
    open("physics.pop-ph", "Popular Physics", "physics", "physics", "physics:physics:pop-ph"),
    open("physics.soc-ph", "Physics and Society", "physics", "physics", "physics:physics:soc-ph"),
    open("physics.space-ph", "Space Physics", "physics", "physics", "physics:physics:space-ph"),
    closed("plasm-ph", "Plasma Physics", "plasm-ph", "physics", "physics:plasm-ph").subsumed_into("physics.plasm-ph"),
    closed("q-alg", "Quantum Algebra and Topology", "q-alg", "math", "math:q-alg").subsumed_into("math.QA"),
    closed("q-bio", "Quantitative Biology", "q-bio", "q-bio", "q-bio:q-bio"),
    open("q-bio.BM", "Biomolecules", "q-bio", "q-bio", "q-bio:q-bio:BM"),
    open("q-bio.CB", "Cell Behavior", "q-bio", "q-bio", "q-bio:q-bio:CB"),
    open("q-bio.GN", "Genomics", "q-bio", "q-bio", "q-bio:q-bio:GN"),
    open("q-bio.MN", "Molecular Networks", "q-bio", "q-bio", "q-bio:q-bio:MN"),
    open("q-bio.NC", "Neurons and Cognition", "q-bio", "q-bio", "q-bio:q-bio:NC"),
    open("q-bio.OT", "Other Quantitative Biology", "q-bio", "q-bio", "q-bio:q-bio:OT").general(),
    open("q-bio.PE", "Populations and Evolution", "q-bio", "q-bio", "q-bio:q-bio:PE"),
    open("q-bio.QM", "Quantitative Methods", "q-bio", "q-bio", "q-bio:q-bio:QM"),
    open("q-bio.SC", "Subcellular Processes", "q-bio", "q-bio", "q-bio:q-bio:SC"),
    open("q-bio.TO", "Tissues and Organs", "q-bio", "q-bio", "q-bio:q-bio:TO"),
    open("q-fin.CP", "Computational Finance", "q-fin", "q-fin", "q-fin:q-fin:CP"),
    open("q-fin.EC", "Economics", "q-fin", "q-fin", "q-fin:q-fin:EC").alias_of("econ.GN"),
    open("q-fin.GN", "General Finance", "q-fin", "q-fin", "q-fin:q-fin:GN"),
    open("q-fin.MF", "Mathematical Finance", "q-fin", "q-fin", "q-fin:q-fin:MF"),
    open("q-fin.PM", "Portfolio Management", "q-fin", "q-fin", "q-fin:q-fin:PM"),
    open("q-fin.PR", "Pricing of Securities", "q-fin", "q-fin", "q-fin:q-fin:PR"),
    open("q-fin.RM", "Risk Management", "q-fin", "q-fin", "q-fin:q-fin:RM"),
    open("q-fin.ST", "Statistical Finance", "q-fin", "q-fin", "q-fin:q-fin:ST"),
    open("q-fin.TR", "Trading and Market Microstructure", "q-fin", "q-fin", "q-fin:q-fin:TR"),
    open("quant-ph", "Quantum Physics", "quant-ph", "physics", "physics:quant-ph"),
    closed("solv-int", "Exactly Solvable and Integrable Systems", "solv-int", "physics", "physics:solv-int").subsumed_into("nlin.SI"),
    open("stat.AP", "Applications", "stat", "stat", "stat:stat:AP"),
    open("stat.CO", "Computation", "stat", "stat", "stat:stat:CO"),
    open("stat.ME", "Methodology", "stat", "stat", "stat:stat:ME"),
    open("stat.ML", "Machine Learning", "stat", "stat", "stat:stat:ML"),
    open("stat.OT", "Other Statistics", "stat", "stat", "stat:stat:OT"),
    open("stat.TH", "Statistics Theory", "stat", "stat", "stat:stat:TH").alias_of("math.ST"),
    closed("supr-con", "Superconductivity", "supr-con", "physics", "physics:supr-con").subsumed_into("cond-mat.supr-con"),
    closed("test", "Test", "test", "test", "test:test"),
    closed("test.dis-nn", "Test Disruptive Networks", "test", "test", "test:test:dis-nn"),
    closed("test.mes-hall", "Test Hall", "test", "test", "test:test:mes-hall"),
    closed("test.mtrl-sci", "Test Mtrl-Sci", "test", "test", "test:test:mtrl-sci"),
    closed("test.soft", "Test Soft", "test", "test", "test:test:soft"),
    closed("test.stat-mech", "Test Mechanics", "test", "test", "test:test:stat-mech"),
    closed("test.str-el", "Test Electrons", "test", "test", "test:test:str-el"),
    closed("test.supr-con", "Test Superconductivity", "test", "test", "test:test:supr-con"),
];

/// By code.
#[rustfmt::skip]
pub(super) static ARCHIVES: &[Archive] = &[
    archive("acc-phys", "Accelerator Physics", "physics", "1994-11", "physics:acc-phys").ended("1996-09", "physics.acc-ph"),
    archive("adap-org", "Adaptation, Noise, and Self-Organizing Systems", "physics", "1993-03", "physics:adap-org").ended("1999-12", "nlin.AO"),
    archive("alg-geom", "Algebraic Geometry", "math", "1992-02", "math:alg-geom").ended("1997-12", "math.AG"),
    archive("ao-sci", "Atmospheric-Oceanic Sciences", "physics", "1995-02", "physics:ao-sci").ended("1996-09", "physics.ao-ph"),
    archive("astro-ph", "Astrophysics", "physics", "1992-04", "physics:astro-ph"),
    archive("atom-ph", "Atomic, Molecular and Optical Physics", "physics", "1995-09", "physics:atom-ph").ended("1996-09", "physics.atom-ph"),
    archive("bayes-an", "Bayesian Analysis", "physics", "1995-06", "physics:bayes-an").ended("1996-11", "physics.data-an"),
    archive("chao-dyn", "Chaotic Dynamics", "physics", "1993-01", "physics:chao-dyn").ended("1999-12", "nlin.CD"),
    archive("chem-ph", "Chemical Physics", "physics", "1994-03", "physics:chem-ph").ended("1996-09", "physics.chem-ph"),
    archive("cmp-lg", "Computation and Language", "cs", "1994-04", "cs:cmp-lg").ended("1998-09", "cs.CL"),
    archive("comp-gas", "Cellular Automata and Lattice Gases", "physics", "1993-02", "physics:comp-gas").ended("1999-12", "nlin.CG"),
    archive("cond-mat", "Condensed Matter", "physics", "1992-04", "physics:cond-mat"),
    archive("cs", "Computer Science", "cs", "1993-01", "cs:cs"),
    archive("dg-ga", "Differential Geometry", "math", "1994-06", "math:dg-ga").ended("1997-12", "math.DG"),
    archive("econ", "Economics", "econ", "2017-09", "econ:econ"),
    archive("eess", "Electrical Engineering and Systems Science", "eess", "2017-09", "eess:eess"),
    archive("funct-an", "Functional Analysis", "math", "1992-04", "math:funct-an").ended("1997-12", "math.FA"),
    archive("gr-qc", "General Relativity and Quantum Cosmology", "physics", "1992-07", "physics:gr-qc"),
    archive("hep-ex", "High Energy Physics - Experiment", "physics", "1994-04", "physics:hep-ex"),
    archive("hep-lat", "High Energy Physics - Lattice", "physics", "1992-02", "physics:hep-lat"),
    archive("hep-ph", "High Energy Physics - Phenomenology", "physics", "1992-03", "physics:hep-ph"),
    archive("hep-th", "High Energy Physics - Theory", "physics", "1991-08", "physics:hep-th"),
    archive("math", "Mathematics", "math", "1992-02", "math:math"),
    archive("math-ph", "Mathematical Physics", "physics", "1996-09", "physics:math-ph"),
    archive("mtrl-th", "Materials Theory", "physics", "1994-11", "physics:mtrl-th").ended("1996-09", "cond-mat.mtrl-sci"),
    archive("nlin", "Nonlinear Sciences", "physics", "1993-01", "physics:nlin"),
    archive("nucl-ex", "Nuclear Experiment", "physics", "1994-12", "physics:nucl-ex"),
    archive("nucl-th", "Nuclear Theory", "physics", "1992-10", "physics:nucl-th"),
    archive("patt-sol", "Pattern Formation and Solitons", "physics", "1993-02", "physics:patt-sol").ended("1999-12", "nlin.PS"),
    archive("physics", "Physics", "physics", "1996-10", "physics:physics"),
    archive("plasm-ph", "Plasma Physics", "physics", "1995-09", "physics:plasm-ph").ended("1996-09", "physics.plasm-ph"),
    archive("q-alg", "Quantum Algebra and Topology", "math", "1994-12", "math:q-alg").ended("1997-12", "math.QA"),
    archive("q-bio", "Quantitative Biology", "q-bio", "2003-09", "q-bio:q-bio"),
    archive("q-fin", "Quantitative Finance", "q-fin", "2008-12", "q-fin:q-fin"),
    archive("quant-ph", "Quantum Physics", "physics", "1994-12", "physics:quant-ph"),
    archive("solv-int", "Exactly Solvable and Integrable Systems", "physics", "1993-04", "physics:solv-int").ended("1999-12", "nlin.SI"),
    archive("stat", "Statistics", "stat", "2007-04", "stat:stat"),
    archive("supr-con", "Superconductivity", "physics", "1994-11", "physics:supr-con").ended("1996-09", "cond-mat.supr-con"),
    archive("test", "Test", "test", "1995-02", "test:test"),
];

/// In arXiv's order: by the year of the oldest archive.
pub(super) static GROUPS: &[ArchiveGroup] = &[
    ArchiveGroup {
        code: "physics",
        name: "Physics",
        start_year: 1991,
    },
    ArchiveGroup {
        code: "math",
        name: "Mathematics",
        start_year: 1992,
    },
    ArchiveGroup {
        code: "q-bio",
        name: "Quantitative Biology",
        start_year: 1992,
    },
    ArchiveGroup {
        code: "cs",
        name: "Computer Science",
        start_year: 1993,
    },
    ArchiveGroup {
        code: "test",
        name: "Test",
        start_year: 1995,
    },
    ArchiveGroup {
        code: "q-fin",
        name: "Quantitative Finance",
        start_year: 1997,
    },
    ArchiveGroup {
        code: "stat",
        name: "Statistics",
        start_year: 1999,
    },
    ArchiveGroup {
        code: "eess",
        name: "Electrical Engineering and Systems Science",
        start_year: 2017,
    },
    ArchiveGroup {
        code: "econ",
        name: "Economics",
        start_year: 2017,
    },
];

/// A category papers are filed under today.
const fn open(
    code: &'static str,
    name: &'static str,
    archive: &'static str,
    group: &'static str,
    oai_set: &'static str,
) -> Category {
    Category {
        code,
        name,
        archive,
        group,
        active: true,
        alias_of: None,
        subsumed_into: None,
        also_known_as: None,
        is_general: false,
        oai_set,
    }
}

/// A category no paper is filed under any more.
const fn closed(
    code: &'static str,
    name: &'static str,
    archive: &'static str,
    group: &'static str,
    oai_set: &'static str,
) -> Category {
    let mut category = open(code, name, archive, group, oai_set);
    category.active = false;
    category
}

impl Category {
    const fn alias_of(mut self, code: &'static str) -> Self {
        self.alias_of = Some(code);
        self
    }

    const fn subsumed_into(mut self, code: &'static str) -> Self {
        self.subsumed_into = Some(code);
        self
    }

    const fn also(mut self, code: &'static str) -> Self {
        self.also_known_as = Some(code);
        self
    }

    const fn general(mut self) -> Self {
        self.is_general = true;
        self
    }
}

/// An archive that takes papers today.
const fn archive(
    code: &'static str,
    name: &'static str,
    group: &'static str,
    start: &'static str,
    oai_set: &'static str,
) -> Archive {
    Archive {
        code,
        name,
        group,
        start,
        end: None,
        subsumed_into: None,
        oai_set,
    }
}

impl Archive {
    const fn ended(mut self, end: &'static str, subsumed_into: &'static str) -> Self {
        self.end = Some(end);
        self.subsumed_into = Some(subsumed_into);
        self
    }
}
