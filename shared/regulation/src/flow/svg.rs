//! A course as SVG: a column a step, boxes as wide as their words, an edge's label before the box it goes to.

use std::fmt::Write as _;

use super::{Edge, Graph};

/// The height of a box and the space to the next one, in pixels.
const BOX: u32 = 30;
const ROW: u32 = 46;
/// The size of the letters.
const FONT: u32 = 13;
const MARGIN: u32 = 20;
/// The space between columns where no edge has a label.
const GAP: u32 = 46;

/// A node where it is drawn.
struct Placed<'g> {
    id: &'g str,
    label: &'g str,
    column: usize,
    x: u32,
    y: u32,
    width: u32,
}

/// Draws a graph under a title.
pub(super) fn draw(graph: &Graph, title: &str) -> String {
    let placed = place(graph);
    let width = placed.iter().map(|node| node.x + node.width).max().unwrap_or_default() + MARGIN;
    let height = placed.iter().map(|node| node.y + BOX).max().unwrap_or_default() + MARGIN;
    let width = width.max(words(title) + 2 * MARGIN);
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"{FONT}\" role=\"img\">"
    );
    let _ = writeln!(svg, "<title>{}</title>", escaped(title));
    svg.push_str(
        "<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0,0L8,4L0,8z\" fill=\"#555\"/></marker></defs>\n",
    );
    let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN}\" y=\"{}\" font-weight=\"bold\">{}</text>",
        MARGIN + FONT,
        escaped(title)
    );
    for edge in &graph.edges {
        draw_edge(&mut svg, edge, &placed);
    }
    for node in &placed {
        let (x, y, width) = (node.x, node.y, node.width);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BOX}\" rx=\"4\" fill=\"#eef3fa\" stroke=\"#4a6fa5\"/>"
        );
        let (middle, base) = (x + width / 2, y + BOX / 2 + FONT / 3);
        let _ = writeln!(
            svg,
            "<text x=\"{middle}\" y=\"{base}\" text-anchor=\"middle\">{}</text>",
            escaped(node.label)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Puts each node into the column after the last of those that lead to it, and below the ones that are there.
fn place(graph: &Graph) -> Vec<Placed<'_>> {
    let mut placed: Vec<Placed<'_>> = Vec::new();
    for (id, label) in &graph.nodes {
        // An edge from a node that is not placed yet goes back.
        let leads =
            |node: &&Placed<'_>| graph.edges.iter().any(|edge| edge.from == node.id && edge.to == *id);
        let column = placed.iter().filter(leads).map(|node| node.column + 1).max().unwrap_or_default();
        let row = placed.iter().filter(|node| node.column == column).count();
        let y = u32::try_from(row).unwrap_or_default() * ROW + MARGIN + 2 * FONT + MARGIN;
        placed.push(Placed { id, label, column, x: 0, y, width: words(label) + 20 });
    }
    let last = placed.iter().map(|node| node.column).max().unwrap_or_default();
    let mut x = MARGIN;
    for column in 0..=last {
        let in_column = |node: &&Placed<'_>| node.column == column;
        let ids: Vec<&str> = placed.iter().filter(in_column).map(|node| node.id).collect();
        let labels = graph.edges.iter().filter(|edge| ids.contains(&edge.to.as_str()));
        let label = labels.map(|edge| words(&edge.label)).max().unwrap_or_default();
        if column > 0 {
            x += GAP + label;
        }
        let width = placed.iter().filter(in_column).map(|node| node.width).max().unwrap_or_default();
        for node in placed.iter_mut().filter(|node| node.column == column) {
            node.x = x;
        }
        x += width;
    }
    placed
}

fn draw_edge(svg: &mut String, edge: &Edge, placed: &[Placed<'_>]) {
    let find = |id: &str| placed.iter().find(|node| node.id == id);
    let (Some(from), Some(to)) = (find(&edge.from), find(&edge.to)) else { return };
    let dash = if edge.dotted { " stroke-dasharray=\"4 3\"" } else { "" };
    let stroke = format!("fill=\"none\" stroke=\"#555\"{dash} marker-end=\"url(#to)\"");
    let label = escaped(&edge.label);
    if to.column <= from.column {
        // Back: below both, from bottom to bottom.
        let (x1, y1, x2, y2) = (from.x + from.width / 2, from.y + BOX, to.x + to.width / 2, to.y + BOX);
        let low = y1.max(y2) + ROW / 3;
        let _ = writeln!(svg, "<path d=\"M{x1},{y1}C{x1},{low} {x2},{low} {x2},{y2}\" {stroke}/>");
        let middle = x1.midpoint(x2);
        let _ = writeln!(
            svg,
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" fill=\"#333\">{label}</text>",
            low + 2
        );
        return;
    }
    let (x1, y1, x2, y2) = (from.x + from.width, from.y + BOX / 2, to.x, to.y + BOX / 2);
    // Turned where the labels begin, so that these stand on a straight line.
    let turn = x2.saturating_sub(words(&edge.label) + GAP / 3).max(x1);
    let _ = writeln!(svg, "<path d=\"M{x1},{y1}L{turn},{y2}L{x2},{y2}\" {stroke}/>");
    if !label.is_empty() {
        let (x, y) = (x2 - 10, y2.saturating_sub(4));
        let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" fill=\"#333\">{label}</text>");
    }
}

/// About how wide a text is: a Chinese character is as wide as it is high, a letter a little more than half.
fn words(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { FONT * 3 / 5 } else { FONT }).sum()
}

/// Text inside an element or an attribute; what XML has no characters for is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}
