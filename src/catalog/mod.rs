//! Catalogs: curated lists of papers with knowledge arXiv lacks.
