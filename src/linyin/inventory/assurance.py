"""How many items a verifier must draw: sample sizes of monetary-unit sampling."""

from __future__ import annotations

import math

PRECISION = 1e-12


class SamplingError(ValueError):
    """A population or a plan from which no sample can be drawn."""


def assurance_factor(confidence: float, expected_ratio: float = 0.0) -> float:
    """Return how many hits a sample must promise if the misstatement were just tolerable.

    The factor R solves ``P(hits ≤ expected) = 1 - confidence`` for a Poisson number of hits with
    mean R, of which ``expected_ratio × R`` are expected, with fractions of hits by the gamma
    distribution: ``Γ(1 + R · ratio, R) = confidence``, lower regularized.

    Parameters
    ----------
    confidence : float
        One minus the risk of accepting a materially wrong total, in (0, 1). [-]
    expected_ratio : float
        Expected over tolerable misstatement, in [0, 1). [-]

    Returns
    -------
    float
        3.00 for 95 % and none expected. [-]

    Raises
    ------
    SamplingError
        If an argument is out of its range, or the ratio is so near to one that no sample of
        bearable size would do.

    References
    ----------
    .. [1] AICPA (2017), Audit Guide: Audit Sampling, appendix C, table C-2.
    .. [2] Stewart, T. R. (2012), Technical Notes on the AICPA Audit Guide Audit Sampling.

    """
    if not 0 < confidence < 1:
        raise SamplingError(f"a confidence of {confidence} is not between 0 and 1")
    if not 0 <= expected_ratio < 1:
        raise SamplingError("the expected misstatement must stay below the tolerable one")
    low, high = 0.0, 1.0
    while gamma_cdf(1 + high * expected_ratio, high) < confidence:
        low, high = high, 2 * high
        if high > 1e5:
            raise SamplingError("the expected misstatement is too near to the tolerable one")
    while high - low > PRECISION * high:
        middle = (low + high) / 2
        if gamma_cdf(1 + middle * expected_ratio, middle) < confidence:
            low = middle
        else:
            high = middle
    return high


def sample_size(
    book: int | float, materiality: int | float, confidence: float = 0.95, expected: float = 0
) -> int:
    """Items to draw in proportion to size: ``n = ⌈book × R / materiality⌉``.

    Parameters
    ----------
    book : number
        Weight of the population, in any unit.
    materiality : number
        Tolerable misstatement, in that unit.
    confidence : float
        One minus the risk of accepting a materially wrong total, in (0, 1). [-]
    expected : number
        Misstatement expected in the population, in that unit.

    Raises
    ------
    SamplingError
        If the population or the materiality is not above zero, or as
        :func:`assurance_factor`.

    References
    ----------
    .. [1] AICPA (2017), Audit Guide: Audit Sampling, appendix C, table C-1.

    """
    if not (book > 0 and materiality > 0):
        raise SamplingError("a population and its materiality must be above zero")
    factor = assurance_factor(confidence, expected / materiality)
    return math.ceil(book / materiality * factor * (1 - PRECISION))


def gamma_cdf(shape: float, x: float) -> float:
    """Lower regularized incomplete gamma function: distribution of a standard gamma variable.

    Parameters
    ----------
    shape : float
        Above zero. [-]
    x : float
        Zero or above. [-]

    References
    ----------
    .. [1] NIST Digital Library of Mathematical Functions, 8.7.1 (series) and 8.9.2 (continued
       fraction).

    """
    if x <= 0:
        return 0.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return scale * _series(shape, x)
    return 1 - scale * _fraction(shape, x)


def _series(shape: float, x: float) -> float:
    term = total = 1 / shape
    n = 0
    while term > total * 1e-17:
        n += 1
        term *= x / (shape + n)
        total += term
    return total


def _fraction(shape: float, x: float) -> float:
    """Lentz's method for the continued fraction of the upper function."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    n = 0
    while True:
        n += 1
        a = -n * (n - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        value *= d * c
        if abs(d * c - 1) < 1e-15:
            return value
