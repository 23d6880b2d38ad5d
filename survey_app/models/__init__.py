"""The tables, one noun to a file."""

from survey_app.models.account import Account, Role
from survey_app.models.api_key import ApiKey, ApiRequest
from survey_app.models.audit import AuditEntry
from survey_app.models.base import Model
from survey_app.models.comparison import ComparableCriterion
from survey_app.models.definition import Definition, PublishedRuleSet
from survey_app.models.hand_over import (
    HalfDay,
    HandOver,
    HandOverCounter,
    HandOverShift,
)
from survey_app.models.invitation import Invitation, Outcome, Selection
from survey_app.models.mapping import ColumnMapping
from survey_app.models.office import Counter, Office, OfficeSuccession, OneStopShop
from survey_app.models.paper import (
    PaperEntry,
    PaperForm,
    PaperState,
    SpoiledReason,
)
from survey_app.models.quota import PlaceState, QuotaCell, QuotaPlace
from survey_app.models.reserve import ContactOutcome, ContactResult, ReservePlace
from survey_app.models.response import Delay, Mode, Response
from survey_app.models.translation import PublishedTranslation
from survey_app.models.wave import (
    FrozenPlan,
    FrozenSet,
    Poster,
    Transaction,
    Wave,
    WaveOffice,
    WaveStatus,
)

__all__ = [
    "Account",
    "ApiKey",
    "ApiRequest",
    "AuditEntry",
    "ColumnMapping",
    "ComparableCriterion",
    "ContactOutcome",
    "ContactResult",
    "Counter",
    "Definition",
    "Delay",
    "FrozenPlan",
    "FrozenSet",
    "HalfDay",
    "HandOver",
    "HandOverCounter",
    "HandOverShift",
    "Invitation",
    "Mode",
    "Model",
    "Office",
    "OfficeSuccession",
    "OneStopShop",
    "Outcome",
    "PaperEntry",
    "PaperForm",
    "PaperState",
    "PlaceState",
    "Poster",
    "PublishedRuleSet",
    "PublishedTranslation",
    "QuotaCell",
    "QuotaPlace",
    "ReservePlace",
    "Response",
    "Role",
    "Selection",
    "SpoiledReason",
    "Transaction",
    "Wave",
    "WaveOffice",
    "WaveStatus",
]
