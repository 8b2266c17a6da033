from django.urls import include, path, re_path

from reports.views import builder, files, lists, reports, schedules, verify

app_name = "reports"

of_reports = [
    re_path(r"^matches\.(?P<kind>xlsx|csv)$", lists.matches, name="matches"),
    path("", reports.report_list, name="report-list"),
    path("new/", builder.report_new, name="report-new"),
    path("schedules/", schedules.schedule_list, name="schedule-list"),
    path("schedules/new/", schedules.schedule_new, name="schedule-new"),
    path("schedules/<int:pk>/", schedules.schedule_detail, name="schedule-detail"),
    path("schedules/<int:pk>/pause/", schedules.schedule_pause, name="schedule-pause"),
    path("schedules/<int:pk>/resume/", schedules.schedule_resume, name="schedule-resume"),
    path("schedules/<int:pk>/remove/", schedules.schedule_remove, name="schedule-remove"),
    path("<uuid:public_id>/", reports.report_detail, name="report-detail"),
    path("<uuid:public_id>/progress/", reports.report_progress, name="report-progress"),
    path("<uuid:public_id>/files/", reports.report_file_add, name="report-file-add"),
    path("<uuid:public_id>/files/<int:pk>/", files.report_file, name="report-file"),
    path("<uuid:public_id>/share/", reports.report_share, name="report-share"),
    path("<uuid:public_id>/share/<int:pk>/end/", reports.report_unshare, name="report-unshare"),
    path("<uuid:public_id>/cancel/", reports.report_cancel, name="report-cancel"),
    path("<uuid:public_id>/anew/", builder.report_anew, name="report-anew"),
    path("<uuid:public_id>/again/", reports.report_again, name="report-again"),
    path("<uuid:public_id>/remove/", reports.report_remove, name="report-remove"),
]
urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("reports/", include(of_reports)),
]
