; Uninstalling takes along what the app itself wrote into the registry. An update, which also runs the
; uninstaller, leaves it: the user's choice to start at login, and what Electron writes only once per start.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    ; The app is a 64-bit one, the uninstaller is not; for some keys Windows shows the two different places.
    SetRegView 64
    ; "Start when I log in", and whether it was switched off in the system's settings.
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "app.comfy-monitor"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "app.comfy-monitor"
    ; What Windows starts when a notification is clicked.
    DeleteRegKey HKCU "Software\Classes\CLSID\{5B1F0D0E-6C0B-4C3B-9A57-3D4C1E0F8A21}"
    SetRegView lastused
  ${endIf}
!macroend
