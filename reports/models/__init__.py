from reports.models.reports import FilePiece, Report, ReportDownload, ReportFile, ReportPiece
from reports.models.schedules import Schedule

__all__ = ["FilePiece", "Report", "ReportDownload", "ReportFile", "ReportPiece", "Schedule"]
