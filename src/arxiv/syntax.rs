//! arXiv's query syntax: a query that means on the server what the user typed.
