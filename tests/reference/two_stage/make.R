# Writes expected.csv from data.csv with R's survey (4.1-1), sampling and MASS.
# Rscript make.R, run from this folder. Columns: what, key, value, std_error.
suppressMessages({library(survey); library(sampling)})
options(digits = 17)
d <- read.csv("data.csv", stringsAsFactors = FALSE)
d$late01 <- as.numeric(d$late == "yes"); d$one <- 1
d$field <- factor(d$field); d$sex <- factor(d$sex)
d$row <- seq_len(nrow(d))
two <- svydesign(~commune + row, strata = ~stratum, weights = ~weight,
                 fpc = ~communes + finished, data = d)
one <- svydesign(~commune, strata = ~stratum, weights = ~weight, data = d)
out <- list()
add <- function(what, key, value, std_error = NA)
  out[[length(out) + 1]] <<- data.frame(what, key = as.character(key),
    value = as.numeric(value), std_error = as.numeric(std_error))
stat <- function(what, s, keys = names(coef(s))) add(what, keys, coef(s), SE(s))

for (name in c("two", "one")) {
  g <- get(name)
  stat(paste0(name, ".mean"), svymean(~satisfied + late01, g))
  stat(paste0(name, ".total"), svytotal(~satisfied + one, g))
  stat(paste0(name, ".mean_missing"), svymean(~wait, subset(g, !is.na(wait))))
  r <- svyratio(~wait, ~satisfied, subset(g, !is.na(wait)))
  add(paste0(name, ".ratio"), "ratio", coef(r), SE(r))
  stat(paste0(name, ".by_field"), svyby(~satisfied, ~field, g, svymean))
  b <- svyby(~satisfied, ~field, g, svymean, covmat = TRUE)
  k <- svycontrast(b, c(land = 1, trade = -1)); add(paste0(name, ".contrast"), "c", coef(k), SE(k))
  k <- svycontrast(b, quote(log(land / trade))); add(paste0(name, ".log_ratio"), "c", coef(k), SE(k))
  for (p in c("math", "school", "hf7")) {
    q <- svyquantile(~wait, subset(g, !is.na(wait)), c(.25, .5, .9), qrule = p, df = degf(g))[[1]]
    add(paste0(name, ".quantile.", p), c(.25, .5, .9), q[, 1], q[, 4])
    add(paste0(name, ".quantile_low.", p), c(.25, .5, .9), q[, 2])
    add(paste0(name, ".quantile_high.", p), c(.25, .5, .9), q[, 3])
  }
  m <- svymean(~satisfied, g, deff = TRUE); add(paste0(name, ".deff_wor"), "satisfied", deff(m))
  m <- svymean(~satisfied, g, deff = "replace"); add(paste0(name, ".deff_wr"), "satisfied", deff(m))
  for (m in c("xlogit", "asin", "beta", "mean")) {
    ci <- attr(svyciprop(~satisfied, g, method = m), "ci")
    add(paste0(name, ".ci.", m), c("low", "high"), ci)
  }
  for (s in c("F", "Chisq", "Wald", "adjWald")) {
    x <- suppressWarnings(svychisq(~field + late, g, statistic = s))
    add(paste0(name, ".chisq.", s), c("statistic", "p"), c(x$statistic, x$p.value))
  }
  x <- svyttest(satisfied ~ sex, g); add(paste0(name, ".ttest"), c("t", "p"), c(x$statistic, x$p.value))
  f <- svyglm(satisfied ~ wait + field, g, family = quasibinomial, epsilon = 1e-14, maxit = 60)
  add(paste0(name, ".logistic"), names(coef(f)), coef(f), SE(f))
  f <- svyglm(wait ~ satisfied + sex, g); add(paste0(name, ".linear"), names(coef(f)), coef(f), SE(f))
  x <- svykappa(~late + told, g); add(paste0(name, ".kappa"), "kappa", coef(x), SE(x))
  add(paste0(name, ".alpha"), "alpha", svycralpha(~i1 + i3 + i4 + i5, g))
  stat(paste0(name, ".shares"), svymean(~field, g))
}
# Weight steps on the two-stage design.
n <- sum(d$weight)
fields <- c(justice = 900, land = 2500, trade = 1000); sexes <- c(F = 2150, M = 2250)
waits <- 4400 * 11.5
complete <- subset(two, !is.na(wait))
p <- postStratify(two, ~field, data.frame(field = names(fields), Freq = fields))
stat("poststratify.mean", svymean(~satisfied, p)); stat("poststratify.total", svytotal(~late01, p))
k <- calibrate(two, ~field + sex, c(`(Intercept)` = 4400, fieldland = 2500, fieldtrade = 1000, sexM = 2250),
               calfun = "raking", epsilon = 1e-13, maxit = 200)
stat("rake.mean", svymean(~satisfied, k)); stat("rake.total", svytotal(~late01, k))
add("rake.weights", 1:5, weights(k)[1:5])
totals <- c(`(Intercept)` = 4400, fieldland = 2500, fieldtrade = 1000, wait = waits)
for (f in c("linear", "raking")) {
  k <- calibrate(complete, ~field + wait, totals, calfun = f, epsilon = 1e-13, maxit = 200)
  stat(paste0("calibrate.", f), svymean(~satisfied, k)); add(paste0("weights.", f), 1:5, weights(k)[1:5])
}
for (f in c("linear", "logit")) {
  k <- calibrate(complete, ~field + wait, totals, calfun = f, bounds = c(0.3, 3), epsilon = 1e-13, maxit = 200)
  stat(paste0("bounded.", f), svymean(~satisfied, k)); add(paste0("bounded_weights.", f), 1:5, weights(k)[1:5])
}
t <- trimWeights(two, upper = 60); stat("trim.mean", svymean(~satisfied, t))
t <- trimWeights(two, upper = 60, strict = TRUE); add("trim.strict", 1:5, weights(t)[1:5])
# Replicates.
single <- svydesign(~commune, weights = ~weight, data = d)
j <- as.svrepdesign(single, type = "JK1"); stat("jk1.mean", svymean(~satisfied, j))
j <- as.svrepdesign(single, type = "JK1", mse = TRUE); stat("jk1_mse.total", svytotal(~late01, j))
j <- as.svrepdesign(one, type = "JKn"); stat("jkn.mean", svymean(~satisfied, j))
pp <- postStratify(as.svrepdesign(one, type = "JKn"), ~field, data.frame(field = names(fields), Freq = fields))
stat("jkn_poststratify.mean", svymean(~satisfied, pp))
# Unequal chances: communes by size, one row each.
u <- aggregate(cbind(satisfied, one) ~ commune + stratum + finished, d, sum)
u <- u[order(u$commune), ]; u$pi <- inclusionprobabilities(u$finished, 7)
taken <- c(1, 4, 6, 9, 11, 15, 18); s <- u[taken, ]
J <- UPmaxentropypi2(u$pi)[taken, taken]; write.table(J, "joint.csv", sep = ",", row.names = FALSE, col.names = FALSE)
write.csv(s[c("commune", "satisfied", "pi")], "unequal.csv", row.names = FALSE, quote = FALSE)
designs <- list(brewer = svydesign(~1, fpc = ~pi, data = s, pps = "brewer"),
  overton = svydesign(~1, fpc = ~pi, data = s, pps = "overton"),
  hartley_rao = svydesign(~1, fpc = ~pi, data = s, pps = HR(sum(u$pi^2) / 7)),
  hartley_rao_estimated = svydesign(~1, fpc = ~pi, data = s, pps = HR()),
  horvitz_thompson = svydesign(~1, fpc = ~pi, data = s, pps = ppsmat(J), variance = "HT"),
  yates_grundy = svydesign(~1, fpc = ~pi, data = s, pps = ppsmat(J), variance = "YG"))
for (name in names(designs)) { x <- svytotal(~satisfied, designs[[name]]); add(paste0("pps.", name), "satisfied", coef(x), SE(x)) }
# Lonely units: only the first commune of the islands.
l <- d[d$stratum != "island" | d$commune == "i0", ]
for (rule in c("remove", "average", "certainty")) {
  options(survey.lonely.psu = rule)
  g <- svydesign(~commune, strata = ~stratum, weights = ~weight, data = l)
  x <- svymean(~satisfied, g); add(paste0("lonely.", rule), "satisfied", coef(x), SE(x))
}
# Two waves with the same communes: difference of means.
d$wave <- ifelse(d$row %% 2 == 0, 2, 1)
w <- svydesign(~commune, strata = ~stratum, weights = ~weight, data = d)
b <- svyby(~satisfied, ~wave, w, svymean, covmat = TRUE)
x <- svycontrast(b, c(`1` = -1, `2` = 1)); add("change.shared", "c", coef(x), SE(x))
out <- do.call(rbind, out)
for (column in c("value", "std_error")) out[[column]] <- format(out[[column]], digits = 17, trim = TRUE)
write.csv(out, "expected.csv", row.names = FALSE, quote = FALSE)
