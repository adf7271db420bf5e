//! The signature that AWS's own library makes, how long credentials count, and what is said when there are none.
