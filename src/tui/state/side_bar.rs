//! How the side bar is looked at: whether it is there, and how wide.

/// Columns of the screen from which on it stands beside the panes.
const BESIDE_FROM: u16 = 100;
/// Its least columns.
const LEAST: u16 = 16;
/// What it leaves to the panes at the least: beside them, and over them.
const LEAVES: (u16, u16) = (44, 8);

/// How the side bar is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideBar {
    /// Whether it is put away, so that it comes only while it has the focus.
    pub hidden: bool,
    /// The columns that the user gave it; `None`: by the screen.
    pub width: Option<u16>,
    /// Whether the mouse holds its edge.
    pub dragged: bool,
}

impl SideBar {
    /// Whether a screen of so many columns has room for it beside the panes. On a narrower one it lies over them while
    /// it has the focus.
    #[must_use]
    pub const fn fits_beside(screen: u16) -> bool {
        screen >= BESIDE_FROM
    }

    /// Whether it stands beside the panes.
    #[must_use]
    pub const fn is_beside(self, screen: u16) -> bool {
        Self::fits_beside(screen) && !self.hidden
    }

    /// Its columns on a screen of so many.
    #[must_use]
    pub fn columns(self, screen: u16) -> u16 {
        let usual = if Self::fits_beside(screen) { (screen / 6).clamp(23, 36) } else { (screen / 2).min(36) };
        let left = if self.is_beside(screen) { LEAVES.0 } else { LEAVES.1 };
        self.width.unwrap_or(usual).clamp(LEAST, screen.saturating_sub(left).max(LEAST))
    }
}
