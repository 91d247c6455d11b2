/** Whether `pages` pages from `page` on lie fully in an area or VMA; `page` counts from its start. */
export const liesIn = (whole: { readonly pages: number }, page: number, pages: number): boolean =>
  page >= 0 && page + pages <= whole.pages;
