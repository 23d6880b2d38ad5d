# Writes expected.csv from data.csv with R's survey package (4.1-1).
# Rscript make.R, run from this folder.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail")
d <- read.csv("data.csv")
items <- c("signage", "seating", "steps", "fees", "correct", "general")
factors <- list(access = c("signage", "seating"), procedure = c("steps", "fees"),
                result = "correct")
for (i in items) {
  d[[paste0("s_", i)]] <- as.numeric(d[[i]] >= 4)
  d[[paste0("a_", i)]] <- as.numeric(d[[i]] >= 1)
}
# Responses over frame is the fraction: r_h / N_h.
finite <- svydesign(~1, strata = ~stratum, weights = ~weight, fpc = ~frame_size, data = d)
endless <- svydesign(~1, strata = ~stratum, weights = ~weight, data = d)
sums <- reformulate(c(paste0("s_", items), paste0("a_", items)))

pooled <- function(ids) paste0("(", paste0("s_", ids, collapse = "+"), ")/(",
                               paste0("a_", ids, collapse = "+"), ")")
mean_of <- function(parts) paste0("((", paste0(parts, collapse = ")+("), "))/", length(parts))
single <- function(ids) paste0("s_", ids, "/a_", ids)
all_items <- unlist(factors)
figures <- c(
  setNames(single(items), paste0("criterion.", items)),
  setNames(sapply(factors, pooled), paste0("factor.pooled.", names(factors))),
  setNames(sapply(factors, function(ids) mean_of(single(ids))),
           paste0("factor.mean_of_items.", names(factors))),
  index.pooled.pooled = pooled(all_items),
  index.pooled.mean_of_items = mean_of(single(all_items)),
  index.pooled.mean_of_factors = mean_of(sapply(factors, pooled)),
  index.mean_of_items.mean_of_factors =
    mean_of(sapply(factors, function(ids) mean_of(single(ids)))),
  index.pooled.overall_question = "s_general/a_general"
)
evaluate <- function(design, unit) {
  totals <- svytotal(sums, design)
  found <- lapply(figures, function(f) svycontrast(totals, parse(text = f)[[1]]))
  data.frame(unit = unit, figure = names(figures),
             value = sapply(found, coef), std_error = sapply(found, SE))
}
both <- function(rows, unit) {
  with_fpc <- evaluate(subset(finite, rows), unit)
  with_fpc$std_error_endless <- evaluate(subset(endless, rows), unit)$std_error
  with_fpc
}
by_office <- lapply(unique(d$office), function(o) both(d$office == o, o))
province <- both(rep(TRUE, nrow(d)), "province")

# Mean of the offices' pooled indices, and mean of fields inside each office.
mean_of_domains <- function(design, rows, domain) {
  units <- unique(domain[rows])
  cells <- do.call(cbind, lapply(units, function(u) {
    inside <- rows & domain == u
    cbind(rowSums(d[paste0("s_", all_items)]) * inside,
          rowSums(d[paste0("a_", all_items)]) * inside)
  }))
  colnames(cells) <- paste0("c", seq_len(ncol(cells)))
  widened <- design
  widened$variables <- cbind(d, cells)
  totals <- svytotal(reformulate(colnames(cells)), widened)
  expression <- mean_of(paste0("c", seq(1, ncol(cells), 2), "/c", seq(2, ncol(cells), 2)))
  svycontrast(totals, parse(text = expression)[[1]])
}
everyone <- rep(TRUE, nrow(d))
rolled <- function(unit, figure, rows, domain) {
  one <- mean_of_domains(finite, rows, domain)
  two <- mean_of_domains(endless, rows, domain)
  data.frame(unit = unit, figure = figure, value = coef(one), std_error = SE(one),
             std_error_endless = SE(two))
}
joined <- rbind(
  rolled("province", "index.mean_of_offices", everyone, d$office),
  do.call(rbind, lapply(unique(d$office), function(o)
    rolled(o, "index.mean_of_fields", d$office == o, d$field)))
)
out <- rbind(do.call(rbind, by_office), province, joined)
for (column in c("value", "std_error", "std_error_endless"))
  out[[column]] <- format(out[[column]], digits = 17)
write.csv(out, "expected.csv", row.names = FALSE, quote = FALSE)
