from django.urls import include, path
from rest_framework.routers import SimpleRouter

from annotation.api import dialogue, produce, protocols, rate, reviews
from annotation.api.research import StudyViewSet

router = SimpleRouter()
router.register("studies", StudyViewSet, basename="study")
urlpatterns = [
    path("", include(router.urls)),
    path("studies/<slug:slug>/reviews/", reviews.ReviewsView.as_view()),
    path("studies/<slug:slug>/rounds/", reviews.RoundsView.as_view()),
    path("studies/<slug:slug>/rounds/plan/", reviews.RoundPlanView.as_view()),
    path("studies/<slug:slug>/addresses/", reviews.AddressesView.as_view()),
    path("protocols/presets/", protocols.PresetsView.as_view()),
    path("protocols/presets/<slug:name>/", protocols.PresetView.as_view()),
    path("protocols/check/", protocols.CheckView.as_view()),
    path("protocols/preview/", protocols.PreviewView.as_view()),
    path("protocols/preview/submit/", protocols.TriedView.as_view()),
    path("rate/invites/<str:code>/", rate.InviteView.as_view()),
    path("rate/invites/<str:code>/arrive/", rate.ArriveView.as_view()),
    path("rate/participation/", rate.ParticipationView.as_view()),
    path("rate/participation/consent/", rate.ConsentView.as_view()),
    path("rate/participation/about-you/", rate.AboutYouView.as_view()),
    path("rate/participation/withdraw/", rate.WithdrawView.as_view()),
    path("rate/assignments/next/", rate.NextAssignmentView.as_view()),
    path("rate/assignments/<uuid:assignment_id>/", rate.AssignmentView.as_view()),
    path("rate/assignments/<uuid:assignment_id>/submit/", rate.SubmitView.as_view()),
    path("rate/assignments/<uuid:assignment_id>/skip/", rate.SkipView.as_view()),
    path("rate/seats/<uuid:assignment_id>/", dialogue.SeatView.as_view()),
    path("rate/dialogues/<uuid:dialogue_id>/", dialogue.DialogueView.as_view()),
    path("rate/dialogues/<uuid:dialogue_id>/messages/<uuid:message_id>/", dialogue.MessageView.as_view()),
    path("rate/dialogues/<uuid:dialogue_id>/end/", dialogue.EndView.as_view()),
    path("rate/dialogues/<uuid:dialogue_id>/leave/", dialogue.LeaveView.as_view()),
    path("rate/traces/", rate.TracesView.as_view()),
    path("rate/traces/<uuid:trace_id>/", rate.TraceView.as_view()),
    path("rate/traces/<uuid:trace_id>/chunks/", rate.ChunksView.as_view()),
    path("rate/traces/<uuid:trace_id>/finish/", rate.FinishTraceView.as_view()),
    path("rate/recordings/", produce.RecordingsView.as_view()),
    path("rate/recordings/<uuid:recording_id>/", produce.RecordingView.as_view()),
    path("rate/recordings/<uuid:recording_id>/chunks/<int:seq>/", produce.RecordingChunkView.as_view()),
    path("rate/recordings/<uuid:recording_id>/finish/", produce.FinishRecordingView.as_view()),
]
