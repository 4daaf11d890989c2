from cases.models.appraisal import Appraisal, AppraisalPhoto, Appraiser
from cases.models.benefit import Benefit, BenefitTerm
from cases.models.case import Case, CaseSeries, CaseStage, Household, HouseholdMember
from cases.models.decision import Decision, Delivery, Frozen, Revocation, Signature, SigningSitting
from cases.models.evidence import (
    Authorization,
    EconomicCheck,
    Material,
    MaterialFile,
    MissingNotice,
    Survey,
    SurveyInvestigator,
    SurveyPhoto,
)
from cases.models.exchange import Submission
from cases.models.filing import Filing, FilingItem
from cases.models.household import CaseMember, EconomicItem
from cases.models.limits import CaseLimit, Excuse
from cases.models.online import OnlineApplication
from cases.models.review import Assessment, Objection, Publicity, PublicityInterruption, PublicityPhoto

__all__ = [
    "Appraisal",
    "AppraisalPhoto",
    "Appraiser",
    "Assessment",
    "Authorization",
    "Benefit",
    "BenefitTerm",
    "Case",
    "CaseLimit",
    "CaseMember",
    "CaseSeries",
    "CaseStage",
    "Decision",
    "Delivery",
    "EconomicCheck",
    "EconomicItem",
    "Excuse",
    "Filing",
    "FilingItem",
    "Frozen",
    "Household",
    "HouseholdMember",
    "Material",
    "MaterialFile",
    "MissingNotice",
    "Objection",
    "OnlineApplication",
    "Publicity",
    "PublicityInterruption",
    "PublicityPhoto",
    "Revocation",
    "Signature",
    "SigningSitting",
    "Submission",
    "Survey",
    "SurveyInvestigator",
    "SurveyPhoto",
]
