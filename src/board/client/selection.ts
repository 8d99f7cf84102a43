import { inPage, rows } from "./page.ts";

function boxOf(row: HTMLElement): HTMLInputElement | null {
  return inPage("input[name=id]", HTMLInputElement, row);
}

/** The boxes of the rows that are selected; none: that of the row at which the person is. */
export function selection(): HTMLInputElement[] {
  const boxes = rows().flatMap((row) => boxOf(row) ?? []);
  const chosen = boxes.filter((box) => box.checked);
  if (chosen.length > 0) return chosen;
  const at = inPage(".issues > li.at input[name=id]", HTMLInputElement);
  return at === null ? [] : [at];
}

/** Says how many rows are selected. */
export function countSelected(): void {
  const count = rows().filter((row) => boxOf(row)?.checked === true).length;
  const label = document.querySelector(".bulk .selected");
  if (label !== null) label.textContent = `${String(count)} selected`;
}

/** Shows the box that selects all rows: without a script it could not. */
export function prepareSelection(): void {
  const all = inPage(".select-all", HTMLInputElement);
  if (all === null) return;
  all.hidden = false;
  all.closest("[aria-hidden]")?.removeAttribute("aria-hidden");
  all.setAttribute("aria-label", "Select all on this page");
  all.tabIndex = 0;
}

/** Lets one box select all rows, and says how many are selected. */
export function startSelection(): void {
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.classList.contains("select-all")) {
      for (const row of rows()) {
        const box = boxOf(row);
        if (box !== null) box.checked = target.checked;
      }
    }
    countSelected();
  });
}
