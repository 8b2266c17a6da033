from reports.models.reports import FilePiece, Report, ReportDownload, ReportFile, ReportPiece
from reports.models.schedules import Schedule, ScheduleTurn

__all__ = ["FilePiece", "Report", "ReportDownload", "ReportFile", "ReportPiece", "Schedule", "ScheduleTurn"]
