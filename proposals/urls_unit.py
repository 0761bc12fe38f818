"""Addresses of handling 办理: the unit's tasks and replies, inspection, feedback, promises; part of `proposals`."""

from django.urls import path

from proposals.views import feedback, inspection, letters, promises, replies, unit, urging

urlpatterns = [
    path("tasks/", unit.tasks, name="tasks"),
    path("tasks/sign/", unit.sign_many, name="task_sign_many"),
    path("tasks/unit/", unit.overview, name="unit"),
    path("tasks/<int:pk>/", unit.task, name="task"),
    path("tasks/<int:pk>/sign/", unit.sign, name="task_sign"),
    path("tasks/<int:pk>/contact/", unit.contact, name="task_contact"),
    path("tasks/<int:pk>/opinion/", unit.opinion, name="task_opinion"),
    path("tasks/<int:pk>/transfer/", unit.transfer, name="task_transfer"),
    path("tasks/<int:pk>/extension/", unit.extension, name="task_extension"),
    path("tasks/<int:pk>/draft/", replies.draft, name="task_draft"),
    path("replies/<int:pk>/", replies.reply, name="reply"),
    path("replies/<int:pk>/save/", replies.save, name="reply_save"),
    path("replies/<int:pk>/autosave/", replies.autosave, name="reply_autosave"),
    path("replies/<int:pk>/act/", replies.act, name="reply_act"),
    path("replies/<int:pk>/cosign/", replies.cosign, name="reply_cosign"),
    path("replies/<int:pk>/letter/", letters.letter, name="reply_letter"),
    path("replies/<int:pk>/letter.docx", letters.letter_docx, name="reply_letter_docx"),
    path("inspection/", inspection.queues, name="inspection"),
    path("inspection/urge/", urging.urge, name="inspection_urge"),
    path("inspection/transfers/<int:pk>/", inspection.transfer, name="inspection_transfer"),
    path("inspection/extensions/<int:pk>/", inspection.extension, name="inspection_extension"),
    path("feedback/", feedback.waiting, name="feedback_list"),
    path("feedback/<int:pk>/", feedback.form, name="feedback"),
    path("feedback/remind/<int:proposal_pk>/", feedback.remind, name="feedback_remind"),
    path("promises/", promises.ledger, name="promises"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
]
