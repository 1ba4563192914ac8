/**
 * What PowerShell runs: a line of JSON per round, until the host is gone. Counters are asked for by their CIM classes,
 * whose names are English on every Windows, unlike those of typeperf. Engines without load are left out by the query:
 * each program has a dozen of them. The list of adapters is DirectX's own, which every user may read. No double
 * quotes, which would have to be escaped on the way through the command line.
 */
export function counterScript({ pace, host }: { pace: number; host: number }): string {
  return `
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }
$prefix = 'Win32_PerfFormattedData_GPUPerformanceCounters_GPU'
$hostProcess = Get-Process -Id ${Math.trunc(host)}
$round = 0
$adapters = @()
while (-not $hostProcess.HasExited) {
  $begun = Get-Date
  try {
    if ($round % 30 -eq 0) {
      $adapters = @(Get-ChildItem 'HKLM:\\SOFTWARE\\Microsoft\\DirectX' | ForEach-Object {
        $entry = Get-ItemProperty $_.PSPath
        if ($null -ne $entry.AdapterLuid) {
          @{ luid = [string]$entry.AdapterLuid; name = [string]$entry.Description; vendor = [int]$entry.VendorId
             vram = [string]$entry.DedicatedVideoMemory; shared = [string]$entry.SharedSystemMemory }
        }
      })
    }
    $round += 1
    $memory = @(Get-CimInstance -ClassName ($prefix + 'AdapterMemory') -Property Name, DedicatedUsage, SharedUsage |
      ForEach-Object { @{ name = $_.Name; dedicated = [string]$_.DedicatedUsage; shared = [string]$_.SharedUsage } })
    $engines = @(Get-CimInstance -ClassName ($prefix + 'Engine') -Filter 'UtilizationPercentage > 0' -Property Name, UtilizationPercentage |
      ForEach-Object { @{ name = $_.Name; load = [string]$_.UtilizationPercentage } })
    $line = ConvertTo-Json -Compress -Depth 4 @{ adapters = $adapters; memory = $memory; engines = $engines }
  } catch {
    $line = ConvertTo-Json -Compress @{ error = [string]$_.Exception.Message }
  }
  [Console]::Out.WriteLine($line)
  $took = ((Get-Date) - $begun).TotalMilliseconds
  Start-Sleep -Milliseconds ([int][Math]::Max(250, ${Math.trunc(pace)} - $took))
}
`;
}
