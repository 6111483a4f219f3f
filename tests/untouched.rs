//! Nothing of a person's repositories is ever touched.
